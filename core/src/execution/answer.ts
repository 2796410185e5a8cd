import { at, Failure, type Fault, isJsonObject, type JsonObject } from "./failure.ts";
import { type ServiceAnswer, serviceFailures } from "./service-port.ts";

/** What a service's answer comes to: data with its failures in place, or nothing but a failure. */
export type ReadAnswer =
  | { readonly kind: "data"; readonly data: JsonObject; readonly unplaced: readonly Fault[] }
  | { readonly kind: "failure"; readonly failure: Failure };

/** More errors of one answer than this are not looked at. */
const maxErrors = 1_000;

/**
 * Checks a service's response (GraphQL, section 7.1) and puts its errors into its data, each at the
 * null it explains. The payload is ours to write into.
 */
export function readAnswer(answer: ServiceAnswer, service: string): ReadAnswer {
  if (answer.kind === "failed") return failed(service, answer.code, answer.message);
  const { payload } = answer;
  if (!isJsonObject(payload)) return badResponse(service);
  const { data, errors } = payload;
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return badResponse(service);
  const told: readonly Told[] = (errors ?? []).slice(0, maxErrors).map((error: unknown) => readError(error, service));
  if (isJsonObject(data)) {
    const unplaced = told.filter(({ path, fault }) => !place(data, path, fault)).map(({ fault }) => fault);
    return { kind: "data", data, unplaced };
  }
  if ((data !== undefined && data !== null) || told.length === 0) return badResponse(service);
  return { kind: "failure", failure: new Failure(told.map(({ path, fault }) => at(fault, path))) };
}

/** The failure of everything that one call should have brought. */
export function callFailure(service: string, code: string, message: string): Failure {
  return new Failure([{ service, code, message, rest: [] }]);
}

type Told = { readonly path: readonly (string | number)[]; readonly fault: Fault };

function failed(service: string, code: string, message: string): ReadAnswer {
  return { kind: "failure", failure: callFailure(service, code, message) };
}

function badResponse(service: string): ReadAnswer {
  return failed(service, "SERVICE_BAD_RESPONSE", serviceFailures.SERVICE_BAD_RESPONSE.message);
}

function readError(error: unknown, service: string): Told {
  const { message, path, extensions } = isJsonObject(error) ? error : ({} as JsonObject);
  const code = isJsonObject(extensions) ? extensions["code"] : undefined;
  return {
    path: Array.isArray(path)
      ? path.filter((part): part is string | number => typeof part === "string" || typeof part === "number")
      : [],
    fault: {
      message: typeof message === "string" ? masked(message) : serviceFailures.SERVICE_ERROR.message,
      code: typeof code === "string" && code.length <= 100 ? code : "SERVICE_ERROR",
      service,
      rest: [],
    },
  };
}

/** Of one error's message; the rest is not even looked at, since the service chose its length. */
const maxMessageChars = 1_000;

/**
 * A service's own words without what must not reach a client: stack lines, addresses, length. The patterns take linear
 * time on any text: a service must not be able to write one that keeps us looking.
 */
function masked(message: string): string {
  const cut = message.slice(0, maxMessageChars);
  const [first = ""] = /\n[ \t]{1,20}at /.test(cut) ? cut.split("\n", 1) : [cut];
  const shown = first
    .replace(/\b[a-z][a-z0-9+.-]{0,20}:\/\/\S+/gi, "[URL]")
    .replace(/\b(?:\d{1,3}(?:\.\d{1,3}){3}|localhost)(?::\d+)?\b/g, "[address]");
  return message.length > maxMessageChars ? `${shown}…` : shown;
}

/** Puts a fault where its path meets the first null. False when the path leads to a value, or nowhere. */
function place(data: JsonObject, path: readonly (string | number)[], fault: Fault): boolean {
  let value: unknown = data;
  for (const [depth, part] of path.entries()) {
    const found = placeOf(value, part);
    if (found === undefined) return false;
    const here = at(fault, path.slice(depth + 1));
    value = found.value;
    if (value === null || value === undefined) {
      found.put(new Failure([here]));
      return true;
    }
    if (value instanceof Failure) {
      value.faults.push(here);
      return true;
    }
  }
  return false;
}

type PlaceInData = { readonly value: unknown; readonly put: (failure: Failure) => void };

function placeOf(holder: unknown, part: string | number): PlaceInData | undefined {
  if (typeof part === "number") {
    if (!Array.isArray(holder) || !(part in holder)) return undefined;
    return { value: holder[part], put: (failure) => void (holder[part] = failure) };
  }
  if (!isJsonObject(holder) || !Object.hasOwn(holder, part) || part === "__proto__") return undefined;
  return { value: holder[part], put: (failure) => void (holder[part] = failure) };
}
