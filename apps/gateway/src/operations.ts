import type { EndpointOptions } from "@catalyst-node/adapters/http";

/** Counts operations since the start of the process. */
export class Operations {
  #total = 0;
  #withErrors = 0;
  #inFlight = 0;

  get counts(): { readonly total: number; readonly withErrors: number; readonly inFlight: number } {
    return { total: this.#total, withErrors: this.#withErrors, inFlight: this.#inFlight };
  }

  /** The same execution, counted. */
  readonly watch = (run: EndpointOptions["execute"]): EndpointOptions["execute"] => {
    return async (operation) => {
      this.#total += 1;
      this.#inFlight += 1;
      let failed = true;
      try {
        const result = await run(operation);
        failed = result.errors !== undefined && result.errors.length > 0;
        return result;
      } finally {
        this.#inFlight -= 1;
        if (failed) this.#withErrors += 1;
      }
    };
  };
}
