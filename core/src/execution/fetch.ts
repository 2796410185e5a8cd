import { type ReadAnswer, readAnswer } from "./answer.ts";
import type { Run } from "./run.ts";
import { serviceFailures } from "./service-port.ts";

/** One operation to one service, its text and variables known but for their values. */
export type Call = {
  readonly service: string;
  readonly kind: "query" | "mutation";
  readonly operation: string;
  readonly variableUsages: readonly string[];
};

/** Sends it with the variables it uses and those that are given as JSON text (`"representations":[...]`). */
export type Send = (run: Run, representations: readonly string[]) => Promise<ReadAnswer>;

export function compileCall({ service, kind, operation, variableUsages }: Call): Send {
  const bodyOf = compileBody(operation, variableUsages);
  return async (run, representations) => {
    if (run.signal.aborted) {
      return readAnswer(
        { kind: "failed", code: "REQUEST_ABORTED", message: serviceFailures.REQUEST_ABORTED.message },
        service,
      );
    }
    const body = bodyOf(run, representations);
    return readAnswer(await run.services.send({ service, kind, body, headers: run.headers }, run.signal), service);
  };
}

/** Writes the request's body for the variables of one run. */
export function compileBody(
  operation: string,
  variableUsages: readonly string[],
): (run: Run, representations: readonly string[]) => string {
  const head = `{"query":${JSON.stringify(operation)}`;
  const usages = variableUsages.map((name) => ({ name, label: `${JSON.stringify(name)}:` }));
  return (run, representations) => {
    const members = [...representations];
    for (const { name, label } of usages) {
      const text = run.variableText(name);
      if (text !== undefined) members.push(label + text);
    }
    return members.length === 0 ? `${head}}` : `${head},"variables":{${members.join()}}}`;
  };
}
