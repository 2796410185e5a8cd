import { type Result, fail, ok } from "@catalyst-node/core/model";
import { cliProblem } from "../problems.ts";

/** What a token says of itself, whether it is true or not. */
export type DecodedToken = {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
};

/** Reads a compact JWS without asking whether its signature holds. Nothing of it stands in a problem. */
export function decodeToken(token: string): Result<DecodedToken> {
  const parts = token.split(".");
  if (parts.length !== 3) return notOne(`It has ${parts.length} parts instead of 3.`);
  const [header, claims] = [parts[0] ?? "", parts[1] ?? ""].map(objectOf);
  if (header === undefined) return notOne("Its header is no JSON object in base64url.");
  if (claims === undefined) return notOne("Its claims are no JSON object in base64url.");
  return ok({ header, claims });
}

function notOne(what: string): Result<DecodedToken> {
  return fail(cliProblem("CAT-CLI-008", "", what));
}

function objectOf(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
