import { execFile } from "node:child_process";
import { createClient, gatewayV1, type MessageInitShape, rpcTransport } from "@catalyst-node/adapters/rpc";
import { temporaryFolder } from "../../../../tests/support/folder.ts";
import { ask } from "../../../../tests/support/graphql.ts";
import { Running, type StartOptions } from "../../../../tests/support/process.ts";
import { root } from "../../../../tests/support/tree.ts";

type Whole = MessageInitShape<typeof gatewayV1.ConfigureRequestSchema>;
type Request = { readonly [Key in keyof Omit<Whole, `$${string}`>]?: NonNullable<Whole[Key]> };

export const acme = { organization: "acme", node: "west", mode: gatewayV1.Mode.PRODUCTION };

/** A real `catalyst gateway` on a socket and a port of its own, and clients of both. */
export class Gateway implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly running: Running;
  readonly folder: string;
  readonly client;
  #number = 0n;

  private constructor(running: Running, folder: string, transport: Parameters<typeof createClient>[1]) {
    this.running = running;
    this.folder = folder;
    this.client = createClient(gatewayV1.GatewayService, transport);
  }

  static async start(flags: readonly string[] = [], options: StartOptions = {}): Promise<Gateway> {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await temporaryFolder());
    const running = stack.use(
      await Running.catalyst(["gateway", "--state-dir", folder.path, "--listen", "127.0.0.1:0", ...flags], options),
    );
    const transport = await rpcTransport({ address: running.url("rpc") });
    if (!transport.ok) throw new Error(transport.problems[0]?.message);
    stack.use(transport.value);
    const gateway = new Gateway(running, folder.path, transport.value);
    gateway.#stack.use(stack.move());
    return gateway;
  }

  get graphql(): string {
    return `${this.running.url("graphql")}/graphql`;
  }

  /** Pushes with the next number; the answer by section name. */
  async configure(request: Request) {
    const revision = { epoch: 1n, number: (this.#number += 1n) };
    const { results, status } = await this.client.configure({ revision, ...request });
    return { outcomes: Object.fromEntries(results.map(outcomeOf)), results, status };
  }

  async status(): Promise<gatewayV1.GatewayStatus> {
    const { status } = await this.client.getStatus({});
    if (status === undefined) throw new Error("no status");
    return status;
  }

  ask(query: string): ReturnType<typeof ask> {
    return ask(this.graphql, query);
  }

  /** The answer of /readyz or /livez. */
  async probe(path: "/livez" | "/readyz"): Promise<{ readonly status: number; readonly body: string }> {
    const answer = await fetch(`${this.running.url("graphql")}${path}`, { signal: AbortSignal.timeout(5000) });
    return { status: answer.status, body: await answer.text() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

function outcomeOf({ section, outcome }: gatewayV1.SectionResult): readonly [string, string] {
  const name = gatewayV1.SectionSchema.value[section]?.localName ?? "?";
  return [name.toLowerCase(), gatewayV1.SectionResult_OutcomeSchema.value[outcome]?.localName.toLowerCase() ?? "?"];
}

/** `buf curl` with nothing of ours but the .proto files; answers the JSON it prints. */
export function bufCurl(args: readonly string[], method: string, data: unknown): Promise<Record<string, unknown>> {
  const url = `http://localhost/${method}`;
  const all = ["curl", "--schema", "proto", ...args, "-d", "@-", url];
  return new Promise((settle, fail) => {
    const child = execFile(
      `${root}node_modules/.bin/buf`,
      all,
      { cwd: root, timeout: 20_000 },
      (error, stdout, stderr) => {
        if (error) fail(new Error(`${error.message}\n${stderr}`));
        else settle(JSON.parse(stdout));
      },
    );
    child.stdin?.end(JSON.stringify(data));
  });
}
