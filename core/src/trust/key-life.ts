import { trustBounds } from "./trust.ts";

/** What a key of this node does: published and unused, signing, or only verified with until its last token has expired. */
export type KeyState = "prepared" | "active" | "retiring";

/** The life of one key; times in ms of the epoch. */
export type KeyLife = {
  readonly kid: string;
  readonly state: KeyState;
  readonly createdAt: number;
  readonly activatedAt: number | undefined;
  readonly retiredAt: number | undefined;
  /** How long after its retirement a token of it may live, in ms: of all settings that it signed under the longest. */
  readonly grace: number;
};

/** At most one is prepared, exactly one is active (none only before the first is added). */
export type KeyRing = readonly KeyLife[];

/** In ms. */
export type KeySettings = {
  /** How long a key signs before the next one does; 0: until somebody asks. */
  readonly rotateEvery: number;
  /** How long a key is published before it signs. */
  readonly publishAhead: number;
  /** What the longest token may live, skew included. */
  readonly grace: number;
};

/** What a ring is now. `wanted`: a new key, to be given to `addKey`. `nextAt`: when to look again; undefined: never. */
export type KeyStep = { readonly ring: KeyRing; readonly wanted: boolean; readonly nextAt: number | undefined };

/** Lets time act on a ring. Asked as often as one likes: what is due is done, and nothing else. */
export function stepKeys(ring: KeyRing, now: number, settings: KeySettings): KeyStep {
  const living = ring.map((key) => lengthen(key, settings)).filter((key) => now < (endOf(key) ?? Infinity));
  const due = activate(living, now, settings);
  const active = due.find(({ state }) => state === "active");
  if (active === undefined) return { ring: due, wanted: true, nextAt: undefined };
  const hasNext = due.some(({ state }) => state === "prepared");
  const isBidden = settings.rotateEvery === 0 || hasNext || isFull(due);
  const prepareAt = isBidden ? undefined : startOfNext(active, settings);
  const wanted = prepareAt !== undefined && now >= prepareAt;
  return { ring: due, wanted, nextAt: earliest([prepareAt, ...due.map((key) => nextAt(key, due, settings))], now) };
}

/** Whether one more key would be more than a verifier keeps. Room comes with the end of a retiring one. */
export function isFull(ring: KeyRing): boolean {
  return ring.length >= trustBounds.keys;
}

/** Takes a new key in: it signs at once where none does, else it is prepared. */
export function addKey(ring: KeyRing, kid: string, now: number, settings: KeySettings): KeyRing {
  const isFirst = !ring.some(({ state }) => state === "active");
  const times = { createdAt: now, activatedAt: isFirst ? now : undefined, retiredAt: undefined };
  return [...makeRoom(ring), { kid, state: isFirst ? "active" : "prepared", ...times, grace: settings.grace }];
}

/** Lets the prepared key sign from now on; the same ring where none is prepared. */
export function activatePrepared(ring: KeyRing, now: number): KeyRing {
  if (!ring.some(({ state }) => state === "prepared")) return ring;
  return ring.map((key) => {
    if (key.state === "active") return { ...key, state: "retiring", retiredAt: now };
    return key.state === "prepared" ? { ...key, state: "active", activatedAt: now } : key;
  });
}

/** Removes a key before its time. Where it was active the prepared one signs from now on, else a new one is wanted. */
export function removeKey(ring: KeyRing, kid: string, now: number): KeyRing {
  const left = ring.filter((key) => key.kid !== kid);
  return left.some(({ state }) => state === "active") ? left : activatePrepared(left, now);
}

/** Takes a key out of use whose private half is lost: what it signed stays good. Who follows it, as in `removeKey`. */
export function retireLost(ring: KeyRing, kid: string, now: number): KeyRing {
  const lost = ring.find((key) => key.kid === kid);
  const left = removeKey(ring, kid, now);
  return lost?.state === "active" ? [...left, { ...lost, state: "retiring", retiredAt: now }] : left;
}

/** When a key verifies nothing any more; undefined while no end is known. */
export function endOf({ retiredAt, grace }: KeyLife): number | undefined {
  return retiredAt === undefined ? undefined : retiredAt + grace;
}

/** When the next state of a key begins by itself; undefined: it does not. */
export function nextAt(key: KeyLife, ring: KeyRing, settings: KeySettings): number | undefined {
  if (key.state === "retiring") return endOf(key);
  const prepared = ring.find(({ state }) => state === "prepared");
  if (prepared !== undefined) return prepared.createdAt + settings.publishAhead;
  if (settings.rotateEvery === 0) return undefined;
  return startOfNext(key, settings) + settings.publishAhead;
}

/** A verifier refuses more keys altogether: where one has to be added, the one that ends first goes before its time. */
function makeRoom(ring: KeyRing): KeyRing {
  if (!isFull(ring)) return ring;
  const first = Math.min(...ring.map((key) => endOf(key) ?? Infinity));
  const index = ring.findIndex((key) => endOf(key) === first);
  return ring.filter((_, place) => place !== index);
}

function lengthen(key: KeyLife, { grace }: KeySettings): KeyLife {
  return key.state === "retiring" || key.grace >= grace ? key : { ...key, grace };
}

function activate(ring: KeyRing, now: number, { publishAhead }: KeySettings): KeyRing {
  const prepared = ring.find(({ state }) => state === "prepared");
  if (prepared === undefined) return ring;
  const isLost = !ring.some(({ state }) => state === "active");
  return isLost || now >= prepared.createdAt + publishAhead ? activatePrepared(ring, now) : ring;
}

/** So early that the next one signs in time; one that rotates faster than it publishes ahead is never late. */
function startOfNext(active: KeyLife, { rotateEvery, publishAhead }: KeySettings): number {
  const since = active.activatedAt ?? active.createdAt;
  return since + Math.max(0, rotateEvery - publishAhead);
}

function earliest(times: readonly (number | undefined)[], now: number): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(now, Math.min(...known));
}
