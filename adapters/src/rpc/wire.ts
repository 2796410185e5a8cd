import { type Timestamp, timestampDate, timestampFromMs } from "@bufbuild/protobuf/wkt";

/** A time in ms of the epoch as the contracts have it; absent when there was no such time. */
export function toWireTime(at: number | undefined): ReturnType<typeof timestampFromMs> | undefined {
  return at === undefined ? undefined : timestampFromMs(at);
}

/** The other way round. */
export function fromWireTime(time: Timestamp | undefined): number | undefined {
  return time && timestampDate(time).getTime();
}

/** Counts as the contracts have them: by the same names, as 64-bit integers. */
export function toWireCounts<Key extends string>(counts: Readonly<Record<Key, number>>): Record<Key, bigint>;
export function toWireCounts(counts: Readonly<Record<string, number>>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, BigInt(count)]));
}
