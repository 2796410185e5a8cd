import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "@catalyst-node/core/model";
import { atomicWrite, setAside } from "./atomic-write.ts";
import { stateProblem, toProblem } from "./problems.ts";

/**
 * The last known good value of one kind, for the next start. One store for all that a process learns, so that
 * its promise (a kill at any byte leaves a loadable state) is kept in one place.
 */
export interface Store<Value> {
  /** The newest whole value. `problems` tell of a damaged file, even when there is a value. Never rejects. */
  load(): Promise<Loaded<Value>>;
  /**
   * Settles when this value, or a newer one, is on the disk; or with the problem that hindered it. Of the
   * values that come while one is being written only the newest is written.
   */
  save(value: Value): Promise<Problem | undefined>;
  /** Settles when no save is under way. */
  settled(): Promise<void>;
}

export type Loaded<Value> = { readonly value: Value | undefined; readonly problems: readonly Problem[] };

export type StoreOptions<Value> = {
  readonly folder: string;
  /** Names the file and stands in it. */
  readonly kind: string;
  /** Of the payload's form; a file of another version counts as absent. */
  readonly version: number;
  /** Reads a payload; undefined when it is none. What is on a disk is not to be trusted. */
  readonly parse: (payload: unknown) => Value | undefined;
};

/** Opens the store; nothing is touched before the first load or save. */
export function openStore<Value>({ folder, kind, version, parse }: StoreOptions<Value>): Store<Value> {
  const path = join(folder, `${kind}.json`);
  let writing: Promise<Problem | undefined> | undefined;
  let next: { readonly value: Value; readonly written: Promise<Problem | undefined> } | undefined;

  async function write(value: Value): Promise<Problem | undefined> {
    try {
      await atomicWrite(path, seal(kind, version, value));
      return undefined;
    } catch (error) {
      return toProblem(error, "CAT-STATE-005", path);
    }
  }

  function begin(value: Value): Promise<Problem | undefined> {
    const written = write(value).finally(() => {
      if (writing === written) writing = undefined;
    });
    writing = written;
    return written;
  }

  return {
    settled,
    async load() {
      const newest = await readEnvelope(path, kind, version, parse);
      if (newest.kind === "good") return { value: newest.value, problems: [] };
      if (newest.kind === "damaged") await setAside(path).catch(() => undefined);
      const previous = await readEnvelope(`${path}.previous`, kind, version, parse);
      const told = [newest, previous].flatMap((read) =>
        read.kind === "damaged" ? [stateProblem("CAT-STATE-004", path, `It is damaged: ${read.why}`)] : [],
      );
      return { value: previous.kind === "good" ? previous.value : undefined, problems: told };
    },
    save(value) {
      if (writing === undefined) return begin(value);
      const running = writing;
      const written: Promise<Problem | undefined> = next?.written ?? running.then(() => takeNext());
      next = { value, written };
      return written;
    },
  };

  async function settled(): Promise<void> {
    const underway = next?.written ?? writing;
    if (underway === undefined) return;
    await underway;
    await settled();
  }

  function takeNext(): Promise<Problem | undefined> {
    const taken = next;
    next = undefined;
    return taken === undefined ? Promise.resolve(undefined) : begin(taken.value);
  }
}

type Read<Value> =
  | { readonly kind: "good"; readonly value: Value }
  | { readonly kind: "absent" }
  | { readonly kind: "damaged"; readonly why: string };

function seal(kind: string, version: number, payload: unknown): string {
  const text = JSON.stringify(payload);
  const head = JSON.stringify({ version, kind, savedAt: new Date().toISOString(), sha256: digest(text) });
  return `${head.slice(0, -1)},"payload":${text}}\n`;
}

async function readEnvelope<Value>(
  path: string,
  kind: string,
  version: number,
  parse: (payload: unknown) => Value | undefined,
): Promise<Read<Value>> {
  const text = await readFile(path, "utf8").catch((error: unknown) => (isAbsent(error) ? undefined : ""));
  if (text === undefined) return { kind: "absent" };
  try {
    const envelope: unknown = JSON.parse(text);
    if (!isEnvelope(envelope) || envelope.kind !== kind) return { kind: "damaged", why: "it is no envelope" };
    if (envelope.version !== version) return { kind: "absent" };
    if (digest(JSON.stringify(envelope.payload)) !== envelope.sha256) return { kind: "damaged", why: "wrong checksum" };
    const value = parse(envelope.payload);
    return value === undefined ? { kind: "damaged", why: "unknown content" } : { kind: "good", value };
  } catch (error) {
    return { kind: "damaged", why: error instanceof SyntaxError ? "no JSON" : "it cannot be read" };
  }
}

type Envelope = {
  readonly version: number;
  readonly kind: string;
  readonly sha256: string;
  readonly payload: unknown;
};

function isEnvelope(value: unknown): value is Envelope {
  return (
    typeof value === "object" &&
    value !== null &&
    "version" in value &&
    typeof value.version === "number" &&
    "kind" in value &&
    typeof value.kind === "string" &&
    "sha256" in value &&
    typeof value.sha256 === "string" &&
    "payload" in value
  );
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
