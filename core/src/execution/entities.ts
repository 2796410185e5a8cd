import { type GraphQLSchema, isObjectType } from "graphql";
import { callFailure } from "./answer.ts";
import { Failure, isJsonObject, type JsonObject } from "./failure.ts";
import { compilePath } from "./flatten.ts";
import { type Adoption, failInto, mergeInto, nullInto, own, wholly } from "./merge.ts";
import type { FlattenPath, RequiresSelection, Rewrite } from "./plan.ts";
import { compileRepresentation } from "./representation.ts";
import { compileRewrite } from "./rewrite.ts";
import type { Run } from "./run.ts";
import { serviceFailures } from "./service-port.ts";
import type { Shape } from "./shape.ts";
import { failEach, failing, type Spared, type Sparing } from "./spared.ts";
import { typeNames } from "./type-names.ts";

/** One `_entities` field of one request: which objects it completes, and with what. */
export type EntityField = {
  readonly service: string;
  /** `_entities`, or its alias in a batch. */
  readonly key: string;
  readonly variable: string;
  readonly paths: readonly FlattenPath[];
  readonly requires: readonly RequiresSelection[];
  readonly inputRewrites: readonly Rewrite[];
  readonly outputRewrites: readonly Rewrite[];
  /** Of one entity, rewritten. */
  readonly shape: Shape;
  /** How objects with equal representations have the result. */
  readonly adoption: "share" | "copy";
  /** What can be asked of an entity although a required value failed, or is not there. */
  readonly sparing: Sparing;
};

/** Asks for the entities of one run. */
export type Gather = (run: Run) => Gathered;
type Gathered = {
  /** `"representations":[...]`; each different one stands there once. */
  readonly variable: string;
  readonly isEmpty: boolean;
  /** Puts what came (or the failure) into every object that asked. */
  readonly settle: (answer: JsonObject | Failure) => void;
};

export function compileEntityField(field: EntityField, schema: GraphQLSchema): Gather {
  const collects = field.paths.map((path) => compilePath(path, schema));
  const represent = compileRepresentation(field.requires, field.inputRewrites, schema);
  const rewrites = field.outputRewrites.map((rewrite) => compileRewrite(rewrite, schema));
  const label = `${JSON.stringify(field.variable)}:`;
  const accepts = acceptedNames(field, schema);
  // An `@interfaceObject` service calls every type by the interface's name; a name once known stays.
  const unnamed = field.shape.filter(({ key }) => key !== "__typename");
  const asksName = unnamed.length < field.shape.length;
  const isNamed = ({ __typename: name }: JsonObject) => typeof name === "string" && isObjectType(schema.getType(name));
  return (run) => {
    const askers = new Map<string, JsonObject[]>();
    const spared = new Map<JsonObject, Spared>();
    const ask = (object: JsonObject, text: string): void => {
      const same = askers.get(text);
      if (same) same.push(object);
      else askers.set(text, [object]);
    };
    for (const collect of collects) {
      for (const object of collect(run.data)) {
        const text = represent(object, run.variables) ?? field.sparing.unasked(object, run.variables);
        if (text instanceof Failure) {
          const rest = field.sparing.spare(object, run.variables);
          if (rest === undefined) failInto(object, wholly(text), field.shape);
          else if (!failEach(object, rest, unnamed)) {
            spared.set(object, rest);
            ask(object, rest.text);
          }
        } else if (text !== undefined) ask(object, text);
      }
    }
    const settle = (answer: JsonObject | Failure): void => {
      const entities = answer instanceof Failure ? answer : own(answer, field.key);
      const wrong = () =>
        callFailure(field.service, "SERVICE_BAD_RESPONSE", serviceFailures.SERVICE_BAD_RESPONSE.message);
      const list: readonly unknown[] | undefined =
        Array.isArray(entities) && entities.length === askers.size ? entities : undefined;
      const whole = entities instanceof Failure ? entities : wrong();
      for (const rewrite of rewrites) rewrite(list);
      let index = 0;
      for (const objects of askers.values()) {
        const entity = list === undefined ? whole : list[index++];
        const isFit =
          entity === null || entity instanceof Failure || (isJsonObject(entity) && accepts(entity["__typename"]));
        const adoption = objects.length > 1 && field.adoption === "copy" ? run.copies : "share";
        for (const object of objects) {
          const fit = isFit ? entity : wrong();
          const failFields = failing(object, spared.get(object));
          if (isNamed(object)) put(object, fit, unnamed, adoption);
          else {
            put(object, fit, field.shape, adoption);
            // Nobody else is asked what type it is.
            if (asksName && fit instanceof Failure) object["__typename"] = fit;
          }
          failFields();
        }
      }
    };
    return { variable: `${label}[${[...askers.keys()].join()}]`, isEmpty: askers.size === 0, settle };
  };
}

function put(object: JsonObject, entity: unknown, shape: Shape, adoption: Adoption): void {
  if (entity instanceof Failure) failInto(object, entity, shape);
  else if (isJsonObject(entity)) mergeInto(object, entity, shape, adoption);
  else nullInto(object, shape);
}

/** A service that answers another type than it was asked for must not have its fields taken. */
function acceptedNames({ requires, inputRewrites }: EntityField, schema: GraphQLSchema): (name: unknown) => boolean {
  const conditions = requires.flatMap((selection) =>
    selection.kind === "InlineFragment" ? [selection.typeCondition] : [],
  );
  const set = inputRewrites.flatMap((rewrite) =>
    "ValueSetter" in rewrite ? [String(rewrite.ValueSetter.setValueTo)] : [],
  );
  const names = typeNames(schema, [...conditions, ...set]);
  return (name) => name === undefined || (typeof name === "string" && names.has(name));
}
