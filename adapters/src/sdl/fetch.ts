import { createHash } from "node:crypto";
import { constants, open } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { ServiceConfig } from "@catalyst-node/core/config";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import type { FetchedSchema, SchemaSource } from "@catalyst-node/core/node";
import { askService, type GraphqlAnswer, toProblem } from "./ask.ts";
import { introspectionQuery, sdlOfIntrospection } from "./introspection.ts";
import { Connections } from "./connections.ts";
import { excerpt, serviceProblem } from "./problems.ts";

/** Learns services' schemas. Holds connections between the questions; dispose it. */
export interface SdlFetcher extends Disposable {
  /**
   * One service's schema by the source that its configuration names, within its deadline and size. What comes
   * is text that nobody has parsed yet. Never rejects.
   */
  fetch(service: ServiceConfig, signal: AbortSignal): Promise<Result<FetchedSchema>>;
}

type Asking = { readonly service: ServiceConfig; readonly signal: AbortSignal; readonly connections: Connections };

export function createSdlFetcher(): SdlFetcher {
  const connections = new Connections();
  return {
    async fetch(service, signal) {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(service.schema.timeout)]);
      return await bySource({ service, signal: limited, connections });
    },
    [Symbol.dispose]: () => connections[Symbol.dispose](),
  };
}

async function bySource(asking: Asking): Promise<Result<FetchedSchema>> {
  const { service } = asking;
  switch (service.schema.from) {
    case "file":
      return await readSchemaFile(asking);
    case "federation":
      return conclude(service, await askFederation(asking));
    case "introspection":
      return conclude(service, await askIntrospection(asking));
    case "auto": {
      const federated = await askFederation(asking);
      if (federated.ok || federated.conclusive) return conclude(service, federated);
      const plain = await askIntrospection(asking);
      if (plain.ok || plain.conclusive) return conclude(service, plain);
      return fail(...plain.problems, ...federated.problems);
    }
  }
}

/** `conclusive`: another question to the same service would end no better. */
type Asked =
  | { readonly ok: true; readonly sdl: string; readonly source: SchemaSource }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly conclusive: boolean };

function refusal(problem: Problem, conclusive: boolean): Asked {
  return { ok: false, problems: [problem], conclusive };
}

async function askFederation(asking: Asking): Promise<Asked> {
  const answer = await ask(asking, "query CatalystSdl { _service { sdl } }");
  if (!answer.ok) return { ...answer, conclusive: true };
  const { data } = answer.value;
  const service: unknown = data !== undefined && "_service" in data ? data._service : undefined;
  const sdl: unknown = typeof service === "object" && service !== null && "sdl" in service ? service.sdl : undefined;
  if (typeof sdl === "string") return { ok: true, sdl, source: "federation" };
  return refused(asking, answer.value, "_service { sdl }");
}

async function askIntrospection(asking: Asking): Promise<Asked> {
  const answer = await ask(asking, introspectionQuery);
  if (!answer.ok) return { ...answer, conclusive: true };
  const { data, size } = answer.value;
  if (data === undefined || !("__schema" in data)) return refused(asking, answer.value, "introspection");
  try {
    return { ok: true, sdl: await sdlOfIntrospection(data, asking.signal, size), source: "introspection" };
  } catch (error) {
    const { name } = asking.service;
    if (asking.signal.aborted) return refusal(toProblem(error, name, asking.signal), true);
    const why = excerpt(error instanceof Error ? error.message : "unknown");
    return refusal(serviceProblem("CAT-SERVICE-007", name, `Its introspection makes no schema: ${why}`), true);
  }
}

async function ask({ service, signal, connections }: Asking, query: string): Promise<Result<GraphqlAnswer>> {
  const { name, url, schema } = service;
  return await askService({ service: name, url, query, maxBytes: schema.maxBytes, signal, connections });
}

function refused({ service }: Asking, { errors }: GraphqlAnswer, question: string): Asked {
  const problem =
    errors.length > 0
      ? serviceProblem(
          "CAT-SERVICE-006",
          service.name,
          `Asked for ${question} it answered ${errors.slice(0, 3).join(", ")}`,
        )
      : serviceProblem("CAT-SERVICE-007", service.name, `Asked for ${question} it gave no schema`);
  return refusal(problem, false);
}

/** Opens without blocking and reads regular files only: what waits in `open` for a pipe's writer, nothing can end. */
async function readSchemaFile({ service, signal }: Asking): Promise<Result<FetchedSchema>> {
  const { name, schema } = service;
  const path = schema.file ?? "";
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) return fail(unreadable(name, path, "no regular file"));
    // It may have grown since it was measured.
    const bytes = await buffer(file.createReadStream({ end: schema.maxBytes, autoClose: false, signal }));
    if (bytes.length > schema.maxBytes) {
      const what = `The file ${path} is larger than ${schema.maxBytes} bytes`;
      return fail(serviceProblem("CAT-SERVICE-003", name, what));
    }
    return conclude(service, { ok: true, sdl: bytes.toString("utf8"), source: "file" });
  } catch (error) {
    if (signal.aborted) return fail(toProblem(error, name, signal));
    return fail(unreadable(name, path, error instanceof Error && "code" in error ? String(error.code) : "it failed"));
  }
}

function unreadable(service: string, path: string, why: string): Problem {
  return serviceProblem("CAT-SERVICE-008", service, `The file ${path} cannot be read (${why})`);
}

function conclude({ name }: ServiceConfig, asked: Asked): Result<FetchedSchema> {
  if (!asked.ok) return fail(...asked.problems);
  const { sdl, source } = asked;
  if (sdl.trim() === "") return fail(serviceProblem("CAT-SERVICE-007", name, "Its schema is empty"));
  return ok({ sdl, source, bytes: Buffer.byteLength(sdl), sha256: createHash("sha256").update(sdl).digest("hex") });
}
