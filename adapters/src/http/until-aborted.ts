import type { ExecutionResult } from "graphql";
import { requestError } from "./request-error.ts";

/** An operation whose time is up is answered at once, whatever it still waits for. Hears what a limit turns away. */
export function untilAborted(
  result: Promise<ExecutionResult>,
  signal: AbortSignal,
  onRefused: (code: string) => void,
): Promise<ExecutionResult> {
  return new Promise((settle, fail) => {
    const give = (): void => {
      if (isTimeout(signal.reason)) onRefused("DEADLINE_EXCEEDED");
      settle({ errors: [requestError("DEADLINE_EXCEEDED", 504)] });
    };
    if (signal.aborted) give();
    signal.addEventListener("abort", give);
    const ended = (end: () => void): void => {
      signal.removeEventListener("abort", give);
      end();
    };
    result.then(
      (answer) =>
        ended(() => {
          if (answer.errors?.[0]?.extensions["code"] === tooLarge) onRefused(tooLarge);
          settle(answer);
        }),
      (error: unknown) => ended(() => fail(error)),
    );
  });
}

/** Of the executor. */
const tooLarge = "RESPONSE_TOO_LARGE";

/** Its time is up; else its client left, and nobody was turned away. */
function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "TimeoutError";
}
