/** `google.protobuf.Timestamp`, as far as it is read here. */
export type Timestamp = { readonly seconds: bigint; readonly nanos: number };

/** ISO 8601 in UTC, or "never". */
export function isoTime(timestamp: Timestamp | undefined): string {
  return timestamp ? new Date(epochMs(timestamp)).toISOString() : "never";
}

/** Whole seconds before `now`, at least 0; undefined for never. */
export function secondsSince(timestamp: Timestamp | undefined, now: Date): number | undefined {
  if (!timestamp) return undefined;
  return Math.max(0, Math.floor((now.getTime() - epochMs(timestamp)) / 1_000));
}

/** Whole seconds from `now` on, less than 0 when it has passed; undefined for never. */
export function secondsUntil(timestamp: Timestamp | undefined, now: Date): number | undefined {
  return timestamp ? Math.ceil((epochMs(timestamp) - now.getTime()) / 1_000) : undefined;
}

/** "42s", "3m5s", "2h5m", "4d3h", or "never": two units, the coarser ones first. */
export function formatAge(seconds: number | undefined): string {
  if (seconds === undefined) return "never";
  const units = [
    ["d", Math.floor(seconds / 86_400)],
    ["h", Math.floor(seconds / 3_600) % 24],
    ["m", Math.floor(seconds / 60) % 60],
    ["s", seconds % 60],
  ] as const;
  const first = units.findIndex(([, count]) => count > 0);
  if (first === -1) return "0s";
  return units
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count}${unit}`)
    .join("");
}

function epochMs({ seconds, nanos }: Timestamp): number {
  return Number(seconds) * 1_000 + Math.floor(nanos / 1_000_000);
}
