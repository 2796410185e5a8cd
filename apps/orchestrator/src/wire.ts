import type { commonV1, create, MessageInitShape } from "@catalyst-node/adapters/rpc";
import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** What a message of the contract is made of. */
export type Wire<Schema extends Parameters<typeof create>[0]> = MessageInitShape<Schema>;

export function encodeProblem({ code, path, message }: Problem): Wire<typeof commonV1.ProblemSchema> {
  return { code, path, message };
}

export function encodeListener({
  name,
  url,
}: {
  readonly name: string;
  readonly url: string;
}): Wire<typeof commonV1.ListenerSchema> {
  return { name, url };
}

/** What another process told; of a code that is none only the text is taken. */
export function decodeProblem({ code, path, message }: commonV1.Problem): Problem {
  const known = isProblemCode(code);
  return { code: known ? code : "CAT-GATEWAY-UNKNOWN", path, message: known ? message : `${code} ${message}` };
}

function isProblemCode(code: string): code is ProblemCode {
  return /^CAT-[A-Z]+-\d+$/.test(code);
}

/** Throws on a number that no sane process tells. */
export function decodeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`a number out of range was told: ${value}`);
  return number;
}
