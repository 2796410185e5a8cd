import { maxAnswerChars } from "../answer-size.ts";
import { forCombinations } from "../combinations.ts";
import type { QueryPlan } from "../plan.ts";
import type { PreparedOperation } from "../prepare.ts";
import type { Run } from "../run.ts";
import { ByteWriter, encode } from "./bytes.ts";
import { compileDirect, type DirectOperation } from "./compile.ts";
import { DirectRun } from "./direct-run.ts";
import { hasLeftDirectWay } from "./not-direct.ts";

/** What a run came to: the whole response, or a run that does it again from the same answers. */
export type DirectOutcome = { readonly body: string | Uint8Array } | { readonly left: Run };

/** After so many runs that did not end the direct way, and most of all, it is not tried any more. */
const mostLeft = 20;

/** Up to here text is sooner made and sent than bytes of its own. */
const shortBytes = 4 * 1_024;
const scratch = new ByteWriter(2 * shortBytes, maxAnswerChars);

type Way = {
  readonly operation: DirectOperation | undefined;
  /** What the last run needed, with some to spare. */
  cells: number;
  bytes: number;
  ended: number;
  left: number;
};

/** The direct ways of one operation: compiled when they are first due, given up where answers never are plain. */
export class DirectWays {
  readonly #wayOf: (variables: Run["variables"]) => Way;
  #ended = 0;

  constructor(prepared: PreparedOperation, plan: QueryPlan) {
    this.#wayOf = forCombinations(prepared.conditions, (conditions) => {
      const operation = compileDirect(prepared, plan, conditions);
      return { operation, cells: 256, bytes: 1_024, ended: 0, left: 0 };
    });
  }

  /** How many runs ended the direct way. */
  get ended(): number {
    return this.#ended;
  }

  /** Undefined where there is no direct way; then nothing was asked. */
  async answer(run: Run): Promise<DirectOutcome | undefined> {
    const way = this.#wayOf(run.variables);
    const { operation } = way;
    if (operation === undefined || (way.left > mostLeft && way.left > way.ended)) return undefined;
    const direct = new DirectRun(run, operation.root.own.layout.size, way.cells);
    try {
      await operation.fetch(direct);
      const isShort = way.bytes <= shortBytes && run.maxAnswer >= maxAnswerChars;
      const out = isShort ? scratch : new ByteWriter(way.bytes, run.maxAnswer);
      if (isShort) out.clear();
      out.all(before);
      operation.write(direct, direct.root, out);
      out.byte(0x7d);
      way.ended += 1;
      this.#ended += 1;
      way.cells = spare(direct.tape.top);
      way.bytes = spare(out.length);
      direct.tape.release();
      return { body: isShort ? out.text : out.written };
    } catch (error) {
      if (!hasLeftDirectWay(error)) throw error;
      way.left += 1;
      return { left: direct.replayed() };
    }
  }
}

const before = encode('{"data":');

function spare(size: number): number {
  return size + (size >> 3) + 64;
}
