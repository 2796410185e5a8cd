/**
 * How clients may use operations that their developers have registered: not at all; by id beside free texts; or nothing
 * else. Named as the values of `gateway.persistedOperations.mode`.
 */
export type PersistedMode = "off" | "prefer" | "only";

/** One operation of a manifest. */
export type PersistedOperation = { readonly id: string; readonly body: string };

/** What a manifest may hold. Sizes in characters. */
export const manifestBounds = { chars: 4 * 1_024 * 1_024, operations: 10_000, idChars: 256 } as const;

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
