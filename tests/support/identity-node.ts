import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { adminV1, createClient, orchestratorV1 } from "@catalyst-node/adapters/rpc";
import { Canary } from "./canary.ts";
import { temporaryFolder } from "./folder.ts";
import { runNode } from "./node.ts";
import { eventually, type Running } from "./process.ts";
import { openTransport } from "./transport.ts";

export type IdentityNode = Awaited<ReturnType<typeof identityNode>>;

/**
 * A node of acme/west with an auth of its own, whose keys are encrypted by a passphrase that a canary looks for, as it
 * does for every token; its gateway answers whoever has a token and nobody else.
 */
export async function identityNode(flags: readonly string[] = []) {
  const stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryFolder());
  const canary = new Canary();
  const passphraseFile = join(path, "passphrase");
  const passphrase = canary.keep(`canary-${randomBytes(12).toString("hex")}`, "the passphrase");
  await writeFile(passphraseFile, passphrase, { mode: 0o600 });
  const stateDir = join(path, "state");
  const own = ["--auth-mode=embedded", "--auth-listen=127.0.0.1:0", "--gateway-auth-mode=required"];
  let node: Running | undefined;

  const start = async (): Promise<Running> => {
    const passphrase = [`--auth-passphrase-file=${passphraseFile}`];
    const all = [...own, ...passphrase, "--gateway-limits-max-loop-delay=off", "--log-level=debug", ...flags];
    node = await runNode({ stateDir, flags: all, hear: canary.hears("the node's output") });
    return node;
  };
  stack.defer(async () => node?.[Symbol.asyncDispose]());
  await start();
  const running = (): Running => node ?? throwing();

  return {
    canary,
    stateDir,
    /** As it runs now. */
    running,
    get graphql(): string {
      return running().graphql;
    },
    /** Ends it in good order, all of its processes, and starts it again. */
    async restart() {
      await running()[Symbol.asyncDispose]();
      await start();
    },
    /** Signs by the command line. */
    token: (...args: readonly string[]) =>
      canary.serviceToken(["--state-dir", stateDir, "--subject", "reports", ...args]),
    /** Looks everywhere that a secret could be, and fails where there is one. */
    async assertSilent() {
      const api = ["--api", running().url("api")];
      for (const command of [["status"], ["status", "gateway"], ["services"]]) {
        for (const form of ["wide", "json"]) await canary.catalyst([...command, ...api, "-o", form]);
      }
      for (const command of [
        ["token", "list"],
        ["keys", "list"],
      ]) {
        for (const form of ["wide", "json"]) await canary.catalyst([...command, "--state-dir", stateDir, "-o", form]);
      }
      canary.hears("the recorded events")(await recordedEvents(running()));
      await canary.lookAtProcesses();
      await canary.lookInto(stateDir);
      canary.assertSilent();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function throwing(): never {
  throw new Error("the node does not run");
}

/** The calls of the admin socket, and what is read of the node, without the time that a command takes to start. */
export async function callsOf(node: IdentityNode) {
  const stack = new DisposableStack();
  const open = async (address: string) => stack.use(await openTransport({ address, timeoutMs: 15_000 }));
  const admin = createClient(adminV1.AdminService, await open(`unix:${join(node.stateDir, "admin.sock")}`));
  const reads = createClient(orchestratorV1.OrchestratorService, await open(node.running().url("api")));
  return {
    admin,
    reads,
    /** A token that the canary looks for. */
    async token(seconds?: number): Promise<string> {
      const lifetime = seconds === undefined ? {} : { lifetime: { seconds: BigInt(seconds) } };
      const token = { subject: "reports", audience: "acme/west" };
      return node.canary.keep(
        (await admin.issueServiceToken({ token, ...lifetime })).token,
        "a token by the admin socket",
      );
    },
    /** Waits until the gateway has been told all that the node knows, this key in it. */
    async untilKnown(kid: string): Promise<void> {
      await eventually(
        async () => (await reads.getStatus({})).status,
        (status) => status?.auth?.kids.includes(kid) === true && status.gateway?.inSync === true,
        { every: 10 },
      );
    },
    [Symbol.dispose]: () => stack.dispose(),
  };
}

async function recordedEvents(node: Running): Promise<string> {
  using open = await openTransport({ address: node.url("api") });
  const told: string[] = [];
  try {
    const reads = createClient(orchestratorV1.OrchestratorService, open);
    // Those that are kept come at once; it goes on for ever.
    for await (const event of reads.watchEvents({}, { timeoutMs: 500 })) told.push(inspect(event, { depth: null }));
  } catch {
    // The deadline.
  }
  return told.join("\n");
}
