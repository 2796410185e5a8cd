import type { HttpServer, Listen, Pair } from "@catalyst-node/adapters/http";
import type { Logger } from "@catalyst-node/adapters/log";
import { workerChannel } from "@catalyst-node/adapters/process";
import { fail, type Result } from "@catalyst-node/core/model";
import { gatewayLog } from "../gateway-log.ts";
import type { Generation } from "../generation.ts";
import { openPlane, type Plane } from "../plane.ts";
import { gatewayProblem } from "../problems.ts";
import { Served } from "../served.ts";
import { type Answer, type Ask, type FromWorker, isToWorker, type Leaving, type ToWorker } from "./messages.ts";

/** Answers clients, and does what the primary asks until that ends, which ends this process too. */
export function runWorker(): void {
  const { send, onMessage, onTerminate, end } = workerChannel();
  let worker: Worker | undefined;
  onMessage((message) => void (isToWorker(message) && heed(message)));
  onTerminate(() => send({ leaving: true } satisfies Leaving));

  async function heed({ id, ask }: ToWorker): Promise<void> {
    if (ask.kind === "begin") worker = new Worker(ask);
    if (worker === undefined) return;
    const answered: FromWorker = { id, answer: await worker.answer(ask) };
    send(answered);
    if (ask.kind !== "stop") return;
    await worker[Symbol.asyncDispose]();
    end();
  }
}

type Build = { readonly stop: AbortController; readonly built: Promise<Result<Generation>> };
type Done = Partial<Pick<Answer, "problems" | "urls" | "cut">>;

class Worker implements AsyncDisposable {
  readonly #served = new Served();
  readonly #log: Logger;
  readonly #plane: Plane;
  readonly #builds = new Map<number, Build>();
  #http: HttpServer | undefined;
  /** The last that came apart from an address. */
  #certificate: Pair | undefined;
  /** What changes what is served, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ number, log }: Extract<Ask, { readonly kind: "begin" }>) {
    this.#log = gatewayLog(log, () => this.#served.identity, { worker: number });
    this.#plane = openPlane(this.#served, this.#log);
  }

  async answer(ask: Ask): Promise<Answer> {
    const { problems = [], ...done } = await this.#do(ask);
    const { generations, plannerRestarts } = this.#served;
    const { operations, refusals, tokenRefusals, upstream } = this.#plane;
    const turnedAway = { refusals: refusals.counts, tokenRefusals: tokenRefusals.counts };
    const counted = { operations: operations.counts, ...turnedAway, upstream: upstream() };
    return { problems, ...done, stats: { ...counted, generations, plannerRestarts } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#plane[Symbol.asyncDispose]();
    await this.#served[Symbol.asyncDispose]();
    this.#log.flush();
  }

  async #do(ask: Ask): Promise<Done> {
    switch (ask.kind) {
      case "begin":
      case "ping":
        return {};
      case "build":
        return problemsOf(await this.#build(ask));
      case "discard":
        return await this.#discard(ask.build);
      case "identity":
        return await this.#inTurn(async () => {
          this.#served.setIdentity(ask.identity);
          return {};
        });
      case "limits":
        return await this.#inTurn(async () => {
          this.#plane.serveLimits(ask.limits);
          return {};
        });
      case "operations":
        return await this.#inTurn(async () => {
          this.#plane.serveOperations(ask.told);
          return {};
        });
      case "trust":
        return await this.#inTurn(async () => {
          this.#plane.serveTrust(ask.told);
          return {};
        });
      case "serve":
        return await this.#inTurn(() => this.#serve(ask));
      case "listen":
        return await this.#listen(ask);
      case "certificate":
        this.#certificate = ask;
        this.#http?.setCertificate(ask);
        return {};
      case "stop":
        this.#served.stop();
        return { cut: (await this.#http?.stop(ask.drainMs, ask.lingerMs)) ?? 0 };
    }
  }

  #build({ build, sdl }: Extract<Ask, { readonly kind: "build" }>): Promise<Result<Generation>> {
    const stop = new AbortController();
    const built = this.#plane.build(sdl, stop.signal);
    this.#builds.set(build, { stop, built });
    return built;
  }

  async #discard(number: number): Promise<Done> {
    const build = this.#builds.get(number);
    this.#builds.delete(number);
    build?.stop.abort();
    const built = await build?.built;
    if (built?.ok) await built.value[Symbol.asyncDispose]();
    return {};
  }

  async #serve({ build, tables }: Extract<Ask, { readonly kind: "serve" }>): Promise<Done> {
    const built = build === undefined ? undefined : await this.#take(build);
    if (built !== undefined && !built.ok) return problemsOf(built);
    // From here to the end nothing else runs in this process.
    if (built !== undefined) this.#plane.serveSchema(built.value);
    for (const { table, schemaRefused } of tables) this.#plane.serveEndpoints(table, schemaRefused);
    return {};
  }

  async #take(number: number): Promise<Result<Generation>> {
    const build = this.#builds.get(number);
    this.#builds.delete(number);
    return (await build?.built) ?? fail(gatewayProblem("CAT-GATEWAY-051"));
  }

  async #listen(address: Listen): Promise<Done> {
    const http = await this.#plane.listen(address);
    if (!http.ok) return problemsOf(http);
    this.#http = http.value;
    // One that came while the address was being bound.
    if (this.#certificate !== undefined) this.#http.setCertificate(this.#certificate);
    const { url, tlsUrl } = http.value;
    return { urls: { url, tlsUrl } };
  }

  #inTurn(act: () => Promise<Done>): Promise<Done> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function problemsOf(result: Result<unknown>): Done {
  return result.ok ? {} : { problems: result.problems };
}
