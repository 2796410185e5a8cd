import type { EndpointTable } from "./sections.ts";

/**
 * Swaps the endpoint table without taking a service from an operation that still needs it: while an older schema is in
 * use, what the new table no longer names stays reachable.
 */
export class EndpointSwap {
  readonly #use: (table: EndpointTable) => void;
  #desired: EndpointTable = new Map();
  #used: EndpointTable = new Map();

  constructor(use: (table: EndpointTable) => void) {
    this.#use = use;
  }

  apply(desired: EndpointTable, olderSchemaInUse: boolean): void {
    this.#desired = desired;
    this.#set(olderSchemaInUse ? new Map([...this.#used, ...desired]) : desired);
  }

  /** No older schema is in use any more: the table is exactly what was asked for. */
  settle(): void {
    if (this.#used !== this.#desired) this.#set(this.#desired);
  }

  #set(table: EndpointTable): void {
    this.#used = table;
    this.#use(table);
  }
}
