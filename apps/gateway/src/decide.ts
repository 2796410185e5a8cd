import { type Asker, unauthenticated } from "@catalyst-node/adapters/http";
import type { Run } from "./operation.ts";

type Ports = {
  /** Whether what lets this one ask still holds. */
  readonly mayAsk: (who: Asker) => boolean;
  /** Hears the code of each operation that is refused. */
  readonly onRefused: (code: string) => void;
};

/**
 * The one place that every operation passes, by HTTP, server-sent events or WebSocket, when it is valid and known and
 * nothing has been asked for it yet: whether it is executed is decided here. What lets it be asked may have been taken
 * back since its head arrived, or since its connection was opened.
 */
export function decided({ execute, subscribe }: Run, { mayAsk, onRefused }: Ports): Run {
  const refused = () => {
    onRefused("UNAUTHENTICATED");
    return Promise.resolve({ errors: [unauthenticated()] });
  };
  return {
    execute: (operation) => (mayAsk(operation.who) ? execute(operation) : refused()),
    subscribe: (operation) => (mayAsk(operation.who) ? subscribe(operation) : refused()),
  };
}
