import assert from "node:assert/strict";
import { after, before } from "node:test";
import { authV1, Code, ConnectError, createClient, Health, type MessageInitShape } from "@catalyst-node/adapters/rpc";
import { temporaryFolder } from "../support/folder.ts";
import type { Running } from "../support/process.ts";
import { openTransport } from "../support/transport.ts";

/** What a sidecar is started with; what is not said is its own default. */
export type AuthOptions = { readonly publishAheadSeconds?: number };

/** A running sidecar of acme/west, as its starter knows it. Disposed of, it has ended in good order. */
export type RunningAuth = AsyncDisposable & {
  /** Its addresses, one for each role. */
  readonly orchestrator: string;
  readonly gateway: string;
  /** Where the published keys are, by HTTP. */
  readonly jwks: string;
  /** SIGKILL: nothing is cleaned up. */
  readonly kill: () => Promise<void>;
};

/** How a sidecar is started, in a state folder that may have been used before. */
export type StartAuth = (stateDir: string, options?: AuthOptions) => Promise<RunningAuth>;

/** What a Ready document tells of a sidecar. */
export function openedBy(running: Running): RunningAuth {
  return {
    orchestrator: running.url("auth-orchestrator"),
    gateway: running.url("auth-gateway"),
    jwks: new URL("/.well-known/jwks.json", running.url("jwks")).href,
    kill: () => running.kill(),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

export type SignRequest = MessageInitShape<typeof authV1.SignRequestSchema>;

export const node = "acme/west";
export const issuer = "urn:catalyst:acme";

/** A sidecar with a client for each of its roles. */
export type Auth = Awaited<ReturnType<typeof openAuth>>;

export async function openAuth(start: StartAuth, stateDir: string, options?: AuthOptions) {
  const running = await start(stateDir, options);
  const transports = new DisposableStack();
  const clients = async (address: string) => {
    const transport = transports.use(await openTransport({ address, timeoutMs: 20_000 }));
    return { auth: createClient(authV1.AuthService, transport), health: createClient(Health, transport) };
  };
  return {
    running,
    stateDir,
    orchestrator: await clients(running.orchestrator),
    gateway: await clients(running.gateway),
    async [Symbol.asyncDispose]() {
      transports.dispose();
      await running[Symbol.asyncDispose]();
    },
  };
}

/** One sidecar for all tests of a suite, which leave it as they found it. */
export function sharedAuth(start: StartAuth): () => Auth {
  const stack = new AsyncDisposableStack();
  let auth: Auth | undefined;
  before(async () => {
    const folder = stack.use(await temporaryFolder());
    auth = stack.use(await openAuth(start, folder.path));
  });
  after(() => stack.disposeAsync());
  return () => {
    assert.ok(auth);
    return auth;
  };
}

/** A request for a service token, with what it needs. */
export function serviceToken(more: MessageInitShape<typeof authV1.ServiceTokenSchema> = {}, seconds?: number) {
  return {
    token: { case: "service", value: { subject: "reports", audience: node, ...more } },
    ...(seconds === undefined ? {} : { lifetime: { seconds: BigInt(seconds) } }),
  } as const satisfies SignRequest;
}

/** Fails unless the call is refused with this code. */
export async function assertRefused(call: Promise<unknown>, code: Code, what: string): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof ConnectError, what);
    assert.equal(Code[error.code], Code[code], `${what}: ${error.message}`);
    return true;
  });
}
