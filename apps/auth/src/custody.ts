import { makeSigningKey, type SigningKey } from "@catalyst-node/adapters/keys";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import {
  activatePrepared,
  addKey,
  forgetRevocations,
  type IssuedToken,
  isFull,
  type KeyRing,
  register,
  type Registry,
  removeKey,
  retireLost,
  type Revocation,
  revoke,
  stepKeys,
} from "@catalyst-node/core/trust";
import { Changes } from "@catalyst-node/adapters/process";
import type { Held } from "./held.ts";
import type { CustodyParts, RotateMode } from "./custody-parts.ts";
import { authProblem } from "./problems.ts";
import { isOfUse, isSameRing, revokeKeys } from "./rings.ts";

/**
 * What auth holds, in memory and on the disk. A change is made in memory in one go, and kept before it is answered: the
 * private halves first, then who signs, and what signs no more is removed last, so that a kill in between loses nothing.
 */
export class Custody {
  readonly changes = new Changes();
  readonly #parts: CustodyParts;
  readonly #keys = new Map<string, SigningKey>();
  #held: Held;
  #registry: Registry;
  #writing: Promise<Problem | undefined> | undefined;
  /** The write behind the one that runs, for all that has changed since that began. */
  #nextWrite: Promise<Problem | undefined> | undefined;
  #isChanged = false;
  #unkept: Problem | undefined;
  #unkeptTokens: Problem | undefined;

  constructor(parts: CustodyParts, held: Held, registry: Registry, keys: readonly SigningKey[]) {
    this.#parts = parts;
    this.#held = held;
    this.#registry = registry;
    for (const key of keys) this.#keys.set(key.kid, key);
  }

  get held(): Held {
    return this.#held;
  }

  get registry(): Registry {
    return this.#registry;
  }

  /** The key that signs now. */
  get active(): SigningKey | undefined {
    const active = this.#held.ring.find(({ state }) => state === "active");
    return active && this.#keys.get(active.kid);
  }

  /** The same, once it is on the disk: a token must not outlive its key by a kill. */
  async signingKey(): Promise<SigningKey | undefined> {
    while (this.#writing !== undefined) await (this.#nextWrite ?? this.#writing);
    return this.active;
  }

  /** What hinders it to be ready: it must be able to sign and to write. */
  get problems(): readonly Problem[] {
    const missing = this.active === undefined ? [authProblem("CAT-AUTH-014")] : [];
    return [...missing, ...[this.#unkept, this.#unkeptTokens].filter((problem) => problem !== undefined)];
  }

  /** Does what is due, writes what could not be written; when to be asked again, in ms of the epoch. */
  async tick(): Promise<number | undefined> {
    const { now, settings, tokenStore } = this.#parts;
    if (this.#unkeptTokens !== undefined) this.#unkeptTokens = await tokenStore.save(this.#registry);
    // A key that is not kept must not begin to sign; that an old one has ended every verifier knows by itself.
    if (this.#isChanged && (await this.#keep()) !== undefined) return undefined;
    // What has just begun may be due to end, where times are short.
    for (let round = 0; round < 4 && this.#advance(); round++) await this.#keep();
    return stepKeys(this.#held.ring, now(), settings).nextAt;
  }

  /** Rotates the keys. An emergency is in force whether it can be kept or not (`CAT-AUTH-001`). */
  async rotate(mode: RotateMode, reason: string): Promise<Result<void>> {
    const isEmergency = mode === "emergency";
    if (!isEmergency && this.#isChanged && (await this.#keep()) !== undefined) return fail(authProblem("CAT-AUTH-013"));
    const done = isEmergency ? ok(this.#replaceAll(reason)) : this.#next(mode);
    return done.ok ? await this.#told() : done;
  }

  /** Takes back, in force at once; kept before it is answered. A key is removed by it. */
  async revoke(revocation: Revocation): Promise<Result<void>> {
    const { what, issuer } = revocation;
    const { now } = this.#parts;
    const isOwnKey = what.kind === "kid" && issuer === "";
    if (isOwnKey && !this.#held.ring.some(({ kid }) => kid === what.kid)) return fail(authProblem("CAT-AUTH-011"));
    const revocations = revoke(this.#held.revocations, revocation, now());
    // Where there is no room for the word a key is gone all the same.
    if (!revocations.ok && !isOwnKey) return revocations;
    const ring = isOwnKey ? removeKey(this.#held.ring, what.kid, now()) : this.#held.ring;
    this.#change(ring, revocations.ok ? revocations.value : this.#held.revocations);
    this.#advance();
    return await this.#told();
  }

  /** Notes an issued token down; one that cannot be kept must not be given out (`CAT-AUTH-013`). */
  async register(token: IssuedToken): Promise<Result<void>> {
    const registered = register(this.#registry, token, this.#parts.now());
    if (!registered.ok) return registered;
    this.#registry = registered.value;
    this.#unkeptTokens = await this.#parts.tokenStore.save(this.#registry);
    if (this.#unkeptTokens === undefined) return ok(undefined);
    this.#registry = this.#registry.filter(({ jti }) => jti !== token.jti);
    this.changes.notify();
    return fail(authProblem("CAT-AUTH-013"));
  }

  /** Takes a given key in as the first. */
  adopt(key: SigningKey): void {
    this.#add(this.#held.ring, key);
  }

  /** A key whose private half is gone signs no more. */
  lose(kid: string): void {
    this.#change(retireLost(this.#held.ring, kid, this.#parts.now()), this.#held.revocations);
  }

  #next(mode: "prepare" | "activate"): Result<void> {
    const { ring } = this.#held;
    const isPrepared = ring.some(({ state }) => state === "prepared");
    if (!isPrepared) {
      if (isFull(ring)) return fail(authProblem("CAT-AUTH-012"));
      this.#add(ring, makeSigningKey());
    }
    if (mode === "activate") {
      this.#change(activatePrepared(this.#held.ring, this.#parts.now()), this.#held.revocations);
    }
    return ok(undefined);
  }

  #replaceAll(reason: string): void {
    const { ring, revocations } = this.#held;
    this.#change([], revokeKeys(ring, revocations, this.#parts.now(), reason));
    this.#add([], makeSigningKey());
  }

  /** Lets time act; whether anything changed. */
  #advance(): boolean {
    const { now, settings } = this.#parts;
    const before = this.#held;
    const step = stepKeys(before.ring, now(), settings);
    const revocations = forgetRevocations(before.revocations, now());
    const isSame = isSameRing(step.ring, before.ring) && revocations.length === before.revocations.length;
    if (!isSame) this.#change(step.ring, revocations);
    if (step.wanted) this.#add(step.ring, makeSigningKey());
    return this.#held !== before;
  }

  #add(ring: KeyRing, key: SigningKey): void {
    const { now, settings } = this.#parts;
    const { kid, x, y } = key;
    this.#keys.set(kid, key);
    this.#held = { ...this.#held, publics: [...this.#held.publics, { kid, x, y }] };
    this.#change(addKey(ring, kid, now(), settings), this.#held.revocations);
  }

  #change(ring: KeyRing, revocations: readonly Revocation[]): void {
    const publics = this.#held.publics.filter((half) => ring.some(({ kid }) => kid === half.kid));
    // Later than any that an older copy of the disk may have told.
    const version = Math.max(this.#held.version + 1, this.#parts.now());
    this.#held = { version, ring, publics, revocations };
    for (const kid of this.#keys.keys())
      if (!ring.some((key) => key.kid === kid && isOfUse(key))) this.#keys.delete(kid);
    this.#isChanged = true;
    this.changes.notify();
  }

  async #told(): Promise<Result<void>> {
    const problem = await this.#keep();
    return problem === undefined ? ok(undefined) : fail(problem);
  }

  /** Settles when all that is held now is on the disk, or with what hindered it. One writes at a time. */
  #keep(): Promise<Problem | undefined> {
    if (this.#writing === undefined) return this.#startWrite();
    const start = (): Promise<Problem | undefined> => this.#startWrite();
    this.#nextWrite ??= this.#writing.then(start, start);
    return this.#nextWrite;
  }

  #startWrite(): Promise<Problem | undefined> {
    this.#nextWrite = undefined;
    this.#writing = this.#write().finally(() => {
      // Nobody may come between it and the one that is promised.
      if (this.#nextWrite === undefined) this.#writing = undefined;
    });
    return this.#writing;
  }

  async #write(): Promise<Problem | undefined> {
    const { folder, trustStore } = this.#parts;
    const held = this.#held;
    this.#isChanged = false;
    const hindrance = (await folder.write([...this.#keys.values()])) ?? (await trustStore.save(held));
    const before = this.#unkept;
    this.#unkept = hindrance && authProblem("CAT-AUTH-001", hindrance.path);
    if (hindrance !== undefined) this.#isChanged = true;
    // Also those that only the disk still needs: it may know of an earlier change than memory.
    else await folder.keepOnly([...this.#keys.keys(), ...held.ring.filter(isOfUse).map(({ kid }) => kid)]);
    if (before !== this.#unkept) this.changes.notify();
    return this.#unkept;
  }
}
