import type { EndpointOptions, Operation } from "@catalyst-node/adapters/http";
import type { Run } from "./operation.ts";

/** Counts operations since the start of the process. */
export class Operations {
  #total = 0;
  #withErrors = 0;
  #inFlight = 0;

  get counts(): { readonly total: number; readonly withErrors: number; readonly inFlight: number } {
    return { total: this.#total, withErrors: this.#withErrors, inFlight: this.#inFlight };
  }

  /** The same, counted. */
  readonly watch = ({ execute, subscribe }: Run): Run => ({
    execute: this.#counted(execute),
    // Once, when it begins: what its events come to is no operation's outcome.
    subscribe: this.#counted(subscribe),
  });

  #counted<Answer extends Awaited<ReturnType<EndpointOptions["subscribe"]>>>(
    run: (operation: Operation) => Promise<Answer>,
  ): (operation: Operation) => Promise<Answer> {
    return async (operation) => {
      this.#total += 1;
      this.#inFlight += 1;
      let failed = true;
      try {
        const result = await run(operation);
        failed = "errors" in result && result.errors !== undefined && result.errors.length > 0;
        return result;
      } finally {
        this.#inFlight -= 1;
        if (failed) this.#withErrors += 1;
      }
    };
  }
}
