import {
  authV1,
  type Client,
  createClient,
  type MessageInitShape,
  rpcTransport,
  type RpcTransportOptions,
} from "@catalyst-node/adapters/rpc";
import { Running } from "../../../../tests/support/process.ts";

/** A client of auth, to be disposed. */
export type AuthClient = Client<typeof authV1.AuthService> & Disposable;

export async function authClient(options: string | RpcTransportOptions): Promise<AuthClient> {
  const transport = await rpcTransport(typeof options === "string" ? { address: options } : options);
  if (!transport.ok) throw new Error(JSON.stringify(transport.problems));
  const client = createClient(authV1.AuthService, transport.value);
  return Object.assign(client, { [Symbol.dispose]: () => transport.value[Symbol.dispose]() });
}

/** By flags, for acme/west. */
export function authFlags(stateDir: string, flags: readonly string[] = []): readonly string[] {
  const own = ["--organization", "acme", "--node", "west", "--state-dir", stateDir];
  return ["auth", ...own, "--auth-listen", "127.0.0.1:0", ...flags];
}

/** A real auth process of acme/west, with a client for each of its sockets. */
export async function startAuth(stateDir: string, flags: readonly string[] = []) {
  const running = await Running.catalyst(authFlags(stateDir, flags));
  const orchestrator = await authClient(running.url("auth-orchestrator"));
  const gateway = await authClient(running.url("auth-gateway"));
  const close = (): void => {
    orchestrator[Symbol.dispose]();
    gateway[Symbol.dispose]();
  };
  return {
    running,
    orchestrator,
    gateway,
    jwks: `${running.url("jwks")}/.well-known/jwks.json`,
    /** Without any cleaning up. */
    kill: async () => {
      close();
      await running.kill();
    },
    [Symbol.asyncDispose]: async () => {
      close();
      await running[Symbol.asyncDispose]();
    },
  };
}

/** What `Sign` is asked. */
export type SignInit = MessageInitShape<typeof authV1.SignRequestSchema>;

/** What is asked for in most tests. */
export const serviceToken: SignInit = {
  token: { case: "service", value: { subject: "reports", audience: "acme/west", scope: ["books"] } },
};

export const internalToken: SignInit = {
  token: { case: "internal", value: { subject: "reports", actor: "acme/west", audience: "acme/east", hop: 1 } },
};

/** The code of a refused call, such as "permission_denied"; "none" when it was not refused. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => "none",
    (error: unknown) => /\[(\w+)\]/.exec(String(error))?.[1] ?? String(error),
  );
}
