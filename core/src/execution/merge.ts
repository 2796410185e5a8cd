import type { Allowance } from "./answer-size.ts";
import { at, Failure, isJsonObject, type JsonObject } from "./failure.ts";
import type { Shape } from "./shape.ts";

/** How one result reaches its objects: `share` puts its nested objects in as they are, an allowance copies for each. */
export type Adoption = "share" | Allowance;

/**
 * Puts the planned keys of a result into an object that was fetched before. Nested objects are
 * taken over as they are, and only where both sides have one are they merged.
 */
export function mergeInto(target: JsonObject, source: JsonObject, shape: Shape, adoption: Adoption): void {
  for (const { key, shape: below, yields } of shape) {
    const given = own(source, key);
    if (given === undefined) continue;
    const had = own(target, key);
    if (had === given || (typeof had === "string" && yields?.(given) === true)) continue;
    target[key] = had === undefined ? adopt(given, below, adoption) : combine(had, given, below, adoption);
  }
}

/** Lets every planned key of an object that could not be fetched tell why. What is there already stays. */
export function failInto(target: JsonObject, failure: Failure, shape: Shape): void {
  for (const { key, shape: below } of shape) {
    const had = own(target, key);
    if (had === undefined) target[key] = failure.under(key);
    else if (below !== undefined) failBelow(had, failure.under(key), below);
  }
}

/**
 * Why an object lacks what one service should have brought of it: that service's null fell together with one of its
 * fields, but another service's object stands there now.
 */
export function fallen(object: JsonObject, key: string): Failure | undefined {
  return fallenObjects.get(object)?.under(key);
}

/** Of lists, too: that they were gone through. */
const fallenObjects = new WeakMap<object, Failure>();

/** Stands for all of an object, wherever its faults had been: without data no path leads anywhere. The first is told. */
export function wholly({ faults, reason }: Failure): Failure {
  return new Failure(
    faults.slice(0, 1).map((fault) => at(fault, [])),
    reason && at(reason, []),
  );
}

/** An entity that its service does not know: its fields are null, which is no fault until a type forbids it. */
export function nullInto(target: JsonObject, shape: Shape): void {
  for (const { key } of shape) if (own(target, key) === undefined) target[key] = null;
}

/** Reads a key without looking into the prototype, where `constructor` and its like would be found. */
export function own(object: JsonObject, key: string): unknown {
  const value = object[key];
  return value === undefined || (typeof value === "function" && !Object.hasOwn(object, key)) ? undefined : value;
}

function combine(had: unknown, given: unknown, shape: Shape | undefined, adoption: Adoption): unknown {
  if (shape === undefined) return given instanceof Failure ? had : given;
  if (isJsonObject(had)) {
    if (isJsonObject(given)) mergeInto(had, given, shape, adoption);
    else if (given instanceof Failure) failInto(had, given, shape);
    else if (given === null) nullInto(had, shape);
    return had;
  }
  if (Array.isArray(had) && Array.isArray(given) && had.length === given.length) {
    for (const [index, item] of given.entries()) had[index] = combine(had[index], item, shape, adoption);
    return had;
  }
  if (Array.isArray(had) && given instanceof Failure) {
    failBelow(had, given, shape);
    return had;
  }
  if (had === null && given === null) return null;
  if (given instanceof Failure && had instanceof Failure) return had;
  const adopted = adopt(given, shape, adoption);
  if (had instanceof Failure) leave(adopted, had);
  return adopted;
}

function failBelow(value: unknown, failure: Failure, shape: Shape): void {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) failBelow(item, failure.under(index), shape);
  else if (isJsonObject(value)) failInto(value, failure, shape);
}

/** Notes it of every object in the value. Once, however many share it: then the same failure was in its place everywhere. */
function leave(value: unknown, failure: Failure): void {
  if (!Array.isArray(value) && !isJsonObject(value)) return;
  if (fallenObjects.get(value) === failure) return;
  fallenObjects.set(value, failure);
  if (Array.isArray(value)) for (const [index, item] of value.entries()) leave(item, failure.under(index));
  else
    for (const [key, below] of Object.entries(value)) if (typeof below === "object") leave(below, failure.under(key));
}

function adopt(value: unknown, shape: Shape | undefined, adoption: Adoption): unknown {
  if (adoption === "share" || shape === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => adopt(item, shape, adoption));
  if (!isJsonObject(value)) return value;
  adoption.spend(1);
  const copy: JsonObject = {};
  for (const { key, shape: below } of shape) {
    const given = own(value, key);
    if (given !== undefined) copy[key] = adopt(given, below, adoption);
  }
  return copy;
}
