import {
  type Client,
  Code,
  ConnectError,
  adminV1,
  createClient,
  orchestratorV1,
  rpcTransport,
  toProblem,
} from "@catalyst-node/adapters/rpc";
import { type Problem, type Result, ok } from "@catalyst-node/core/model";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { cliProblem } from "./problems.ts";

/** The read-only API of a node. */
export type NodeClient = Client<typeof orchestratorV1.OrchestratorService>;
export type AdminClient = Client<typeof adminV1.AdminService>;

/** A client, and the connection that ends with it. */
export type Connected<Api> = { readonly client: Api; readonly [Symbol.dispose]: () => void };

/** How long one call may take, in ms. Long enough for a busy node, short enough for a person. */
const callTimeoutMs = 5_000;
/** A refresh answers when each service was asked; the node itself waits 30 s at most. */
const adminTimeoutMs = 35_000;

/** Prepares to read a node's API. Nothing is dialled before the first call; problems of the address only. */
export async function connectNode(address: string): Promise<Result<Connected<NodeClient>>> {
  const transport = await rpcTransport({ address: withScheme(address), timeoutMs: callTimeoutMs });
  if (!transport.ok) return transport;
  const { value } = transport;
  return ok({
    client: createClient(orchestratorV1.OrchestratorService, value),
    [Symbol.dispose]: () => value[Symbol.dispose](),
  });
}

/** Prepares to ask a node of this machine for something that changes it, by the socket in its state folder. */
export async function connectAdmin(socket: string): Promise<Result<Connected<AdminClient>>> {
  const transport = await rpcTransport({ address: `unix:${socket}`, timeoutMs: adminTimeoutMs });
  if (!transport.ok) return transport;
  const { value } = transport;
  return ok({
    client: createClient(adminV1.AdminService, value),
    [Symbol.dispose]: () => value[Symbol.dispose](),
  });
}

/** `127.0.0.1:4100` is what a listen flag takes, so it is taken here too. */
export function withScheme(address: string): string {
  return /^(?:https?:\/\/|unix:)/.test(address) ? address : `http://${address}`;
}

/**
 * What an API call that failed means to the person who asked, and to the script that reads the exit code.
 * Whatever is not a failed call is a mistake of ours, and thrown on.
 */
export function callFailure(error: unknown, address: string): { readonly problem: Problem; readonly exit: ExitCode } {
  if (!(error instanceof ConnectError)) throw error;
  const problem = toProblem(error, address);
  if (problem.code === "CAT-RPC-010" || problem.code === "CAT-RPC-012") {
    return { problem: cliProblem("CAT-CLI-001", address, "No node answers."), exit: exitCode.unreachable };
  }
  if (problem.code === "CAT-RPC-011" || isForbidden(error.cause)) {
    return { problem: cliProblem("CAT-CLI-006", address, `${error.rawMessage}.`), exit: exitCode.denied };
  }
  // The node answers for another process, and says what is wrong in a problem of its own.
  return { problem, exit: exits[error.code] ?? exitCode.failed };
}

const exits: Partial<Record<Code, ExitCode>> = {
  [Code.Unavailable]: exitCode.unreachable,
  [Code.PermissionDenied]: exitCode.denied,
};

/** A socket of somebody else's. */
function isForbidden(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && (cause.code === "EACCES" || cause.code === "EPERM");
}
