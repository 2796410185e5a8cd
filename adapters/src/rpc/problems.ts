import { Code, ConnectError } from "@connectrpc/connect";
import type { Problem, ProblemCode } from "@catalyst-node/core/model";
import { ProblemSchema } from "./gen/catalyst/common/v1/common_pb.ts";

/** What can go wrong between two processes: code -> cause and mend. docs/reference/errors.md is made from it. */
export const rpcProblems = {
  "CAT-RPC-001": {
    cause: "The address of an RPC listener or peer cannot be read.",
    mend: "Write unix:/path/to.sock, host:port, http://host:port or https://host:port.",
  },
  "CAT-RPC-002": {
    cause: "An RPC listener on TCP has neither mTLS nor a shared secret.",
    mend: "Use a unix socket, or give a secret file, or the three TLS files (CA, certificate, key).",
  },
  "CAT-RPC-003": {
    cause: "The address is in use by a living process, or may not be bound.",
    mend: "Stop the other process or choose another address; port 0 takes a free one.",
  },
  "CAT-RPC-004": {
    cause: "The folder of a unix socket is open to others, or is not ours.",
    mend: "Give the socket a folder of its own: chmod 700, owned by the user that runs the process.",
  },
  "CAT-RPC-005": {
    cause: "Something that is no socket lies where the unix socket should be, or the path is too long.",
    mend: "Move the file away, or choose another and shorter path (107 bytes at most).",
  },
  "CAT-RPC-006": {
    cause: "A secret file is missing, readable by others, too short, too long, or holds blanks.",
    mend: "chmod 600, and 16 to 4096 visible characters on one line.",
  },
  "CAT-RPC-007": {
    cause: "A TLS file is missing or cannot be used, or the key is readable by others.",
    mend: "Give PEM files: the CA of the other side, our certificate and its key (chmod 600).",
  },
  "CAT-RPC-010": {
    cause: "The other process cannot be reached.",
    mend: "Is it running, and on this address? The caller tries again by itself.",
  },
  "CAT-RPC-011": {
    cause: "The other process does not accept our secret or certificate.",
    mend: "Give both sides the same secret file content, or certificates by the same CA.",
  },
  "CAT-RPC-012": {
    cause: "The other process did not answer in time.",
    mend: "Look at its log and load; the caller tries again by itself.",
  },
  "CAT-RPC-013": {
    cause: "A message is larger than allowed.",
    mend: "Make the schema or the request smaller (limit 16 MiB).",
  },
  "CAT-RPC-014": {
    cause: "The other process does not know this call.",
    mend: "Run the same version on both sides.",
  },
  "CAT-RPC-015": {
    cause: "The other process refused the call, or failed in it.",
    mend: "Its message and its log say why.",
  },
  "CAT-RPC-016": {
    cause: "The call was given up by us, or the process is stopping.",
    mend: "Nothing, if it was meant; else call again.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

export type RpcProblemCode = keyof typeof rpcProblems;

/** A problem of this folder, told with its mend. */
export function rpcProblem(code: RpcProblemCode, path: string, what: string): Problem {
  return { code, path, message: `${what}. ${rpcProblems[code].mend}` };
}

const codeOf: Partial<Record<Code, RpcProblemCode>> = {
  [Code.Unavailable]: "CAT-RPC-010",
  [Code.Unauthenticated]: "CAT-RPC-011",
  [Code.PermissionDenied]: "CAT-RPC-011",
  [Code.DeadlineExceeded]: "CAT-RPC-012",
  [Code.ResourceExhausted]: "CAT-RPC-013",
  [Code.Unimplemented]: "CAT-RPC-014",
  [Code.Canceled]: "CAT-RPC-016",
  [Code.Aborted]: "CAT-RPC-016",
};

/** What Node calls a peer that is not there, where Connect has no code for it. */
const awayCodes: ReadonlySet<string> = new Set([
  "ENOENT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

const tlsFailure = /certificate|self.signed|SSL|TLS|EPROTO|ERR_OSSL/i;

/** A problem as a call's refusal: the code for protocols, the problem itself as a typed detail. */
export function toConnectError({ code, path, message }: Problem, status: Code): ConnectError {
  return new ConnectError(message, status, undefined, [{ desc: ProblemSchema, value: { code, path, message } }]);
}

/** The one funnel: whatever a call by a transport of ours has thrown, as a problem. `path` says which peer. */
export function toProblem(error: unknown, path = ""): Problem {
  const connectError = ConnectError.from(error);
  const [told] = connectError.findDetails(ProblemSchema);
  if (told !== undefined && isCode(told.code)) return { code: told.code, path: told.path, message: told.message };
  const cause = connectError.cause instanceof Error ? connectError.cause : undefined;
  const what = connectError.rawMessage || cause?.message || "no reason given";
  // A refused handshake has no code of its own; only the name OpenSSL gives it tells it from a peer that is away.
  const away = causesOf(cause).some((each) => "code" in each && awayCodes.has(String(each.code)));
  const handshake = tlsFailure.test(`${what} ${cause?.message ?? ""}`) && connectError.code !== Code.ResourceExhausted;
  const known = codeOf[connectError.code] ?? (away ? "CAT-RPC-010" : "CAT-RPC-015");
  return rpcProblem(handshake ? "CAT-RPC-011" : known, path, what);
}

/** The error and what lies beneath it: HTTP/2 wraps the failed connection in the cancelled stream. */
function causesOf(error: Error | undefined): readonly Error[] {
  const causes: Error[] = [];
  for (let each: unknown = error; each instanceof Error && causes.length < 5; each = each.cause) causes.push(each);
  return causes;
}

function isCode(text: string): text is ProblemCode {
  return /^CAT-[A-Z]+-\d{3}$/.test(text);
}
