import { isJsonObject } from "./failure.ts";
import { type ServiceAnswer, serviceFailures } from "./service-port.ts";

/**
 * An answer whose errors say no more than that there were some: a service's own words may hold whatever its programmers
 * put there. Where they stand stays, and a code that looks like one, since clients branch on it. `hear` is told what is
 * left out. Like the answer itself it is not parsed before somebody asks for more than bytes, which are a success's.
 */
export function maskErrors(answer: ServiceAnswer, hear: (errors: readonly unknown[]) => void): ServiceAnswer {
  return answer.kind === "answered" ? new MaskedAnswer(answer, hear) : answer;
}

type Answered = Extract<ServiceAnswer, { readonly kind: "answered" }>;

class MaskedAnswer {
  readonly kind = "answered";
  readonly bytes: Uint8Array | undefined;
  readonly #answer: Answered;
  readonly #hear: (errors: readonly unknown[]) => void;
  #payload: { readonly value: unknown } | undefined;

  constructor(answer: Answered, hear: (errors: readonly unknown[]) => void) {
    this.bytes = answer.bytes;
    this.#answer = answer;
    this.#hear = hear;
  }

  get payload(): unknown {
    this.#payload ??= { value: this.#masked() };
    return this.#payload.value;
  }

  #masked(): unknown {
    const { payload } = this.#answer;
    if (!isJsonObject(payload)) return payload;
    const { errors } = payload;
    if (!Array.isArray(errors) || errors.length === 0) return payload;
    this.#hear(errors);
    return { ...payload, errors: errors.map(masked) };
  }
}

function masked(error: unknown): unknown {
  const { path, extensions } = isJsonObject(error) ? error : {};
  const code = isJsonObject(extensions) ? extensions["code"] : undefined;
  const isCode = typeof code === "string" && /^[A-Z][A-Z0-9_]{0,63}$/.test(code);
  return { message: serviceFailures.SERVICE_ERROR.message, path, extensions: isCode ? { code } : {} };
}
