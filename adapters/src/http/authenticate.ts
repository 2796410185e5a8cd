import type { IncomingMessage } from "node:http";
import type { Claims } from "@catalyst-node/core/trust";
import type { Refusal } from "./refusal.ts";

/** Who asks, as a verified token says it; undefined is nobody in particular. */
export type Asker = Claims | undefined;

/**
 * Who may ask. A port, because whose tokens are taken, and what a signature costs, is the business of the process. What
 * is wrong with a token no client is told.
 */
export interface Vetting {
  /** Nobody's token is looked at. */
  readonly isOff: boolean;
  /** Undefined stands for no token, the empty text for what is none. At once where nothing has to be verified; never rejects. */
  vet(token: string | undefined, requestId: string): Vetted | Promise<Vetted>;
  /** Whether one who was let in may still be answered; of those whose answers go on for long. */
  isStanding(who: Asker): boolean;
}

type Vetted = Asker | "UNAUTHENTICATED" | "OVERLOADED";

/** Who sends this request, by its head alone; or why nobody is answered. */
export function authenticate(
  request: IncomingMessage,
  vetting: Vetting,
  requestId: string,
): Asker | Refusal | Promise<Asker | Refusal> {
  if (vetting.isOff) return undefined;
  return judge(bearerOf(request), vetting, requestId);
}

/** Who opens this connection: by its upgrade's head, which is not looked at again, or by what it says first. */
export function authenticateSocket(
  params: Readonly<Record<string, unknown>> = {},
  byHead: Asker,
  vetting: Vetting,
  requestId: string,
): Asker | Refusal | Promise<Asker | Refusal> {
  if (vetting.isOff) return undefined;
  const told = ["authorization", "Authorization"].flatMap((name) =>
    Object.hasOwn(params, name) ? [params[name]] : [],
  );
  if (told.length === 0 && byHead !== undefined) return byHead;
  const [token] = told.map((value) => (typeof value === "string" ? tokenOf(value) : ""));
  // Two are none, as in a head.
  return judge(told.length > 1 || (told.length > 0 && byHead !== undefined) ? "" : token, vetting, requestId);
}

export function isRefusal(vetted: Asker | Refusal): vetted is Refusal {
  return vetted !== undefined && "status" in vetted;
}

export function hasAuthorization({ headers }: IncomingMessage): boolean {
  return headers.authorization !== undefined;
}

function judge(
  token: string | undefined,
  vetting: Vetting,
  requestId: string,
): Asker | Refusal | Promise<Asker | Refusal> {
  const vetted = vetting.vet(token, requestId);
  if (vetted instanceof Promise) return vetted.then((late) => refusalOr(late, token));
  return refusalOr(vetted, token);
}

function refusalOr(vetted: Vetted, token: string | undefined): Asker | Refusal {
  if (typeof vetted !== "string") return vetted;
  if (vetted === "OVERLOADED") return { status: 503, code: vetted, headers: { "retry-after": "1" } };
  // RFC 6750, 3.1: nothing of an error is told to whoever sent no token.
  const challenge = token === undefined ? "Bearer" : 'Bearer error="invalid_token"';
  return { status: 401, code: vetted, headers: { "www-authenticate": challenge } };
}

/** The token of a head; empty where it has something else, or more than one: Node itself shows the first and no other. */
function bearerOf({ rawHeaders }: IncomingMessage): string | undefined {
  let found: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length !== authorization.length || name.toLowerCase() !== authorization) continue;
    if (found !== undefined) return "";
    found = rawHeaders[index + 1] ?? "";
  }
  return found === undefined ? undefined : tokenOf(found);
}

const authorization = "authorization";
const scheme = "bearer ";

function tokenOf(value: string): string {
  return value.slice(0, scheme.length).toLowerCase() === scheme ? value.slice(scheme.length).trim() : "";
}
