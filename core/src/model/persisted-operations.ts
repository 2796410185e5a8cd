/**
 * How clients may use operations that their developers have registered: not at all; by id beside free texts; or nothing
 * else. Named as the values of `gateway.persistedOperations.mode`.
 */
export type PersistedMode = "off" | "prefer" | "only";

/** One operation of a manifest. */
export type PersistedOperation = { readonly id: string; readonly body: string };

/** What a file of them holds. */
export type Manifest = {
  readonly operations: readonly PersistedOperation[];
  /** Of the file. */ readonly digest: string;
};

/** None was named. */
export const noManifest: Manifest = { operations: [], digest: "" };

const mebibyte = 1_024 * 1_024;

/** What a manifest may hold; of its text no more characters than bytes. */
export const manifestBounds = { bytes: 4 * mebibyte, chars: 4 * mebibyte, operations: 10_000, idChars: 256 } as const;

/** The registered operations, for looking them up. */
export interface PersistedOperations {
  readonly mode: PersistedMode;
  /** The text of an id; undefined when nobody registered it. */
  readonly textOf: (id: string) => string | undefined;
  /** Whether a text is, to the letter, that of some operation. */
  readonly isRegistered: (text: string) => boolean;
}

export function persistedOperations(
  mode: PersistedMode,
  operations: readonly PersistedOperation[],
): PersistedOperations {
  const byId = new Map(operations.map(({ id, body }) => [id, body] as const));
  const texts = new Set(byId.values());
  return { mode, textOf: (id) => byId.get(id), isRegistered: (text) => texts.has(text) };
}

/** Until something else is told: free texts alone. */
export const noPersistedOperations = persistedOperations("off", []);
