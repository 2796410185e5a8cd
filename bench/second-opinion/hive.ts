import { type ChildProcess, fork } from "node:child_process";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { ExecutionResult } from "graphql";
import type { Case } from "../../tests/oracle/evaluate.ts";
import { compose } from "../../tests/oracle/graph.ts";
import type { Model } from "../../tests/oracle/model.ts";
import { resolversOf } from "../../tests/oracle/reference.ts";
import { type Service, serviceOf } from "../../tests/oracle/subgraph.ts";
import { World } from "../../tests/oracle/world.ts";

/** Longer than any case may take; one that does counts as dead. */
const deadline = 10_000;
const file = `${fileURLToPath(new URL("../peers/", import.meta.url))}hive-answers.ts`;

/** The Hive runtime in a process of its own, over services that this process serves by HTTP. */
export class Hive implements AsyncDisposable {
  readonly #server: Server;
  #services: ReadonlyMap<string, Service> = new Map();
  #child: ChildProcess | undefined;
  #model: Model | undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      const service = this.#services.get(request.url?.slice(1) ?? "");
      text(request)
        .then((body) => service?.(body))
        .then(
          (answer) => response.setHeader("content-type", "application/json").end(JSON.stringify(payloadOf(answer))),
          (error: unknown) => response.writeHead(500).end(String(error)),
        );
    });
  }

  static async start(): Promise<Hive> {
    const hive = new Hive();
    await new Promise<void>((settle) => hive.#server.listen(0, "127.0.0.1", settle));
    return hive;
  }

  /** Undefined when it died of it, or gave no answer in time. */
  async answer({ model, seed, operation: { query, variables } }: Case): Promise<ExecutionResult | undefined> {
    const world = new World(model, seed);
    const resolve = resolversOf(model, world);
    this.#services = new Map(model.subgraphs.map((name) => [name, serviceOf(model, name, world, resolve)]));
    const isNew = model !== this.#model || this.#child === undefined;
    const supergraph = isNew ? { supergraph: this.#located(compose(model)) } : {};
    this.#model = model;
    const answer = await this.#ask({ ...supergraph, body: JSON.stringify({ query, variables }) });
    // What Hive makes of this alias is one difference; it must not look like one of the cases after it.
    if (query.includes("__proto__")) this.#end();
    return answer;
  }

  #ask(message: object): Promise<ExecutionResult | undefined> {
    const child = (this.#child ??= fork(file, {
      stdio: "ignore",
      execArgv: [],
      env: { ...process.env, NODE_ENV: "production" },
    }));
    return new Promise((settle) => {
      const timer = setTimeout(() => child.kill("SIGKILL"), deadline);
      const done = (result: ExecutionResult | undefined): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        settle(result);
      };
      child.once("message", ({ text }: { readonly text: string }) => done(JSON.parse(text)));
      child.once("exit", () => {
        this.#child = undefined;
        done(undefined);
      });
      child.send(message);
    });
  }

  /** The composed services have names for addresses; here they are paths of one server. */
  #located(supergraph: string): string {
    const address = this.#server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    return supergraph.replaceAll(/url: "http:\/\/(\w+)"/g, `url: "http://127.0.0.1:${port}/$1"`);
  }

  #end(): void {
    this.#child?.removeAllListeners();
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    this.#server.closeAllConnections();
    await new Promise((settle) => this.#server.close(settle));
  }
}

function payloadOf(answer: Awaited<ReturnType<Service>> | undefined): unknown {
  return answer?.kind === "answered" ? answer.payload : { errors: [{ message: "no such service" }] };
}
