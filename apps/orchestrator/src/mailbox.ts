import { type Effect, type Event, newNode, type Node, type State, step } from "@catalyst-node/core/node";
import { Changes } from "@catalyst-node/adapters/process";

/** Every source of events is bounded, so no more than this ever waits; more is a fault of ours, and told as such. */
const mostWaiting = 10_000;

/**
 * The one place where the node's state changes. Events are taken one after the other, in the order of their
 * coming; effects are begun, never awaited: one hung peer must not stop the node.
 */
export class Mailbox {
  readonly changes = new Changes();
  #state: State = newNode;
  #waiting: Event[] = [];
  #draining = false;
  readonly #perform: (effect: Effect) => void;

  constructor(perform: (effect: Effect) => void) {
    this.#perform = perform;
  }

  /** What the node knows; undefined before its configuration and after its end. */
  get node(): Node | undefined {
    return this.#state.phase === "running" || this.#state.phase === "stopping" ? this.#state.node : undefined;
  }

  readonly post = (event: Event): void => {
    if (this.#waiting.length >= mostWaiting) throw new Error(`the mailbox is full (${event.kind})`);
    this.#waiting.push(event);
    if (!this.#draining) this.#drain();
  };

  #drain(): void {
    this.#draining = true;
    try {
      for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
        const { state, effects } = step(this.#state, event, Date.now());
        this.#state = state;
        for (const effect of effects) this.#perform(effect);
      }
    } catch (error) {
      // A fault of ours ends the process (the gateway serves on); thrown to whoever posted, it would be taken for
      // the failure of what was being waited for there.
      queueMicrotask(() => {
        throw error;
      });
    } finally {
      this.#draining = false;
    }
    this.changes.notify();
  }
}
