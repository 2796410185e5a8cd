import type { Run } from "../run.ts";
import type { ServiceAnswer, ServicePort, ServiceRequest } from "../service-port.ts";
import { leaveDirectWay } from "./not-direct.ts";
import { Scanner } from "./scanner.ts";
import { Tape } from "./tape.ts";

/** One run of one operation the direct way. */
export class DirectRun {
  readonly run: Run;
  readonly tape: Tape;
  /** Where the root's own row begins. */
  readonly root: number;
  #visitors = 0;
  readonly #answers: Uint8Array[] = [];
  /** What was asked, and what comes of it. */
  readonly #asked = new Map<string, Promise<ServiceAnswer>[]>();

  /** `cells`: how many the tape may need, as far as is known. */
  constructor(run: Run, rootSize: number, cells: number) {
    this.run = run;
    this.tape = new Tape(cells);
    this.root = this.tape.take(rootSize);
  }

  /** A number for whoever walks through the tape next. */
  nextVisitor(): number {
    this.#visitors += 1;
    return this.#visitors;
  }

  /** The bytes that the cells of a fetch's leaves point into. */
  answer(fetch: number): Uint8Array {
    return this.#answers[fetch] ?? leaveDirectWay();
  }

  /** Sends a fetch's request; answers what reads its response. */
  async ask(fetch: number, service: string, body: string): Promise<Scanner> {
    const { services, headers, signal } = this.run;
    const request: ServiceRequest = { service, kind: "query", body, headers };
    const answered = services.send(request, signal);
    const key = keyOf(request);
    this.#asked.set(key, [...(this.#asked.get(key) ?? []), answered]);
    const answer = await answered;
    if (answer.kind !== "answered" || answer.bytes === undefined) leaveDirectWay();
    this.#answers[fetch] = answer.bytes;
    return new Scanner(answer.bytes);
  }

  /** For the run that does it again, from the answers that there are: no service is asked the same twice. */
  replayed(): Run {
    const { services } = this.run;
    // What it makes of an answer is its own, so each is given once.
    const send: ServicePort["send"] = (request, signal) =>
      this.#asked.get(keyOf(request))?.shift() ?? services.send(request, signal);
    return { ...this.run, services: { send } };
  }
}

function keyOf({ service, body }: ServiceRequest): string {
  return `${service}\n${body}`;
}
