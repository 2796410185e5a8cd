import type { Logger } from "@catalyst-node/adapters/log";
import { formatProblem } from "@catalyst-node/core/model";
import type { Custody } from "./custody.ts";

/** How long a disk that could not be written is left alone, in ms. */
const againMs = 2_000;
/** A clock may be set; so long its new time may go unnoticed, in ms. */
const longestMs = 60_000;

/** Lets time act on what auth holds, until it is disposed: keys change their state, what could not be kept is tried again. */
export function keepTime(custody: Custody, log: Logger): Disposable {
  const ending = new AbortController();
  void run();
  return { [Symbol.dispose]: () => ending.abort() };

  async function run(): Promise<void> {
    let told = "";
    while (!ending.signal.aborted) {
      const before = custody.held;
      const nextAt = await custody.tick();
      if (custody.held !== before)
        log.info("keys", { keys: custody.held.ring.map(({ kid, state }) => ({ kid, state })) });
      const problems = custody.problems.map(formatProblem);
      if (told !== problems.join()) {
        if (problems.length === 0) log.info("everything is kept again");
        else log.error("not ready", { problems });
      }
      told = problems.join();
      const patience = problems.length > 0 ? againMs : longestMs;
      const dueMs = nextAt === undefined ? patience : Math.min(patience, Math.max(nextAt - Date.now(), 10));
      // A change may bring what is due next forward.
      await custody.changes.next(AbortSignal.any([ending.signal, AbortSignal.timeout(dueMs)]));
    }
  }
}
