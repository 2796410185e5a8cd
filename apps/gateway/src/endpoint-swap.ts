import type { EndpointTable } from "./sections.ts";

/**
 * Swaps the endpoint table without taking a service from an operation that still needs it: while an older schema is in
 * use, or serves because the newer one was refused, what the new table no longer names stays reachable.
 */
export class EndpointSwap {
  readonly #use: (table: EndpointTable) => void;
  #desired: EndpointTable = new Map();
  /** The last table that fitted the schema which serves: what stays reachable is bounded by it. */
  #fitting: EndpointTable = new Map();
  #used: EndpointTable = new Map();

  constructor(use: (table: EndpointTable) => void) {
    this.#use = use;
  }

  /** `schemaRefused`: the schema that serves is an older one than this table was made for. */
  apply(desired: EndpointTable, olderSchemaInUse: boolean, schemaRefused = false): void {
    this.#desired = schemaRefused ? new Map([...this.#fitting, ...desired]) : desired;
    if (!schemaRefused) this.#fitting = desired;
    this.#set(olderSchemaInUse ? new Map([...this.#used, ...this.#desired]) : this.#desired);
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
