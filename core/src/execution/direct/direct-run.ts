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
  readonly #asked: { readonly request: ServiceRequest; readonly answered: Promise<ServiceAnswer> }[] = [];

  /** `cells`: how many the tape may need, as far as is known. */
  constructor(run: Run, rootSize: number, cells: number) {
    this.run = run;
    this.tape = Tape.take(cells);
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

  /** Sends a fetch's request, and has its response read. */
  ask(fetch: number, service: string, body: string, read: (scanner: Scanner) => void): Promise<void> {
    const { services, headers, signal } = this.run;
    const request: ServiceRequest = { service, kind: "query", body, headers };
    const answered = services.send(request, signal);
    this.#asked.push({ request, answered });
    return answered.then((answer) => {
      if (answer.kind !== "answered" || answer.bytes === undefined) return leaveDirectWay();
      this.#answers[fetch] = answer.bytes;
      return read(new Scanner(answer.bytes));
    });
  }

  /** For the run that does it again, from the answers that there are: no service is asked the same twice. */
  replayed(): Run {
    const { services } = this.run;
    const asked = [...this.#asked];
    const send: ServicePort["send"] = (request, signal) => {
      const index = asked.findIndex((each) => isSame(each.request, request));
      // What is made of an answer changes it, so each is given once.
      const [known] = index === -1 ? [] : asked.splice(index, 1);
      return known?.answered ?? services.send(request, signal);
    };
    return { ...this.run, services: { send } };
  }
}

function isSame(one: ServiceRequest, other: ServiceRequest): boolean {
  return one.service === other.service && one.body === other.body;
}
