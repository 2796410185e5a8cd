import { Kind, OperationTypeNode, parse, type SelectionSetNode } from "graphql";
import type { QueryPlan, ServiceAnswer } from "@catalyst-node/core/execution";
import { type FieldModel, fieldsOf, type Model, type ObjectModel, objectsOf } from "./model.ts";

/**
 * One service answers nothing. That equals a plain graph in which each field that it alone has throws, as long as the
 * plan asks it for nothing else: not for what others could answer too, nor for keys and type names that lead on.
 */
export class Outage {
  readonly service: string;
  readonly #model: Model;
  readonly #types: ReadonlyMap<string, ObjectModel>;
  readonly #provided: string;

  constructor(model: Model, service: string) {
    this.service = service;
    this.#model = model;
    this.#types = new Map(objectsOf(model).map((type) => [type.name, type]));
    const texts = objectsOf(model).flatMap(({ fields }) => fields.flatMap((field) => Object.values(field.in)));
    this.#provided = texts.filter((text) => text.includes("@provides")).join(" ");
  }

  get message(): string {
    return `${this.service} is down`;
  }

  /** Whether a field has no value without the service. */
  takes(typeName: string, fieldName: string): boolean {
    const field = this.#field(typeName, fieldName);
    if (field === undefined || this.#provided.includes(`"${fieldName}"`)) return false;
    const owners = Object.keys(field.in).filter((place) => field.in[place]?.includes("@external") !== true);
    return owners.length === 1 && owners[0] === this.service;
  }

  /** Whether the answer must be that of the plain graph. */
  isExact(plan: QueryPlan | undefined): boolean {
    const requests = requestsOf(plan).filter(({ service }) => service === this.service);
    return requests.length > 0 && requests.every(({ operation }) => this.#isOwn(operation));
  }

  /** What a server that is down is like: nobody there, or a last word. */
  answer(body: string): ServiceAnswer {
    if (body.length % 2 === 0) return { kind: "failed", code: "SERVICE_UNAVAILABLE", message: this.message };
    return { kind: "answered", payload: { errors: [{ message: this.message }], data: null } };
  }

  #isOwn(operation: string): boolean {
    return parse(operation).definitions.every((node) => {
      if (node.kind !== Kind.OPERATION_DEFINITION) return true;
      const root = node.operation === OperationTypeNode.MUTATION ? "Mutation" : "Query";
      return node.selectionSet.selections.every((selection) => {
        if (selection.kind !== Kind.FIELD) return false;
        const { value } = selection.name;
        if (value !== "_entities") return value === "__typename" || this.takes(root, value);
        return selection.selectionSet !== undefined && this.#areOwn(selection.selectionSet, undefined);
      });
    });
  }

  #areOwn({ selections }: SelectionSetNode, typeName: string | undefined): boolean {
    return selections.every((selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return this.#areOwn(selection.selectionSet, selection.typeCondition?.name.value ?? typeName);
      if (selection.kind !== Kind.FIELD || typeName === undefined) return false;
      const { value } = selection.name;
      if (value === "__typename") return this.#types.get(typeName)?.kind === "object";
      return this.#field(typeName, value)?.isKey !== true && this.takes(typeName, value);
    });
  }

  #field(typeName: string, fieldName: string): FieldModel | undefined {
    const type = this.#types.get(typeName);
    return type && fieldsOf(this.#model, type).find(({ name }) => name === fieldName);
  }
}

function requestsOf(part: unknown): readonly { readonly service: string; readonly operation: string }[] {
  if (typeof part !== "object" || part === null) return [];
  const below = Object.values(part).flatMap(requestsOf);
  if (!("serviceName" in part) || !("operation" in part)) return below;
  return [...below, { service: String(part.serviceName), operation: String(part.operation) }];
}
