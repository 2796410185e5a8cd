import { join } from "node:path";
import { openStateFolder, openStore } from "@catalyst-node/adapters/disk";
import {
  deriveSecret,
  makeSecret,
  type Pseudonyms,
  pseudonyms,
  readKeyFile,
  readPassphrase,
  readSecret,
  type SigningKey,
  writeSecret,
} from "@catalyst-node/adapters/keys";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { clockSkew, type KeySettings, type Registry, tokenClasses } from "@catalyst-node/core/trust";
import { Custody } from "./custody.ts";
import { type Held, nothingHeld, parseHeld, parseRegistry } from "./held.ts";
import { KeyFolder } from "./key-folder.ts";
import type { AuthOptions } from "./options.ts";
import { authProblem } from "./problems.ts";
import { isOfUse } from "./rings.ts";

/** What auth has on the disk, alone for as long as this is not disposed. */
export type Opened = AsyncDisposable & {
  readonly custody: Custody;
  readonly pseudonyms: Pseudonyms;
  /** What the start has found and mended. */
  readonly told: readonly Problem[];
};

/** What of the configuration decides about keys. */
export type CustodyConfig = Pick<AuthOptions["config"], "organization" | "node" | "stateDir"> & {
  readonly auth: Pick<
    AuthOptions["config"]["auth"],
    "rotateEvery" | "publishAhead" | "maxTokenLifetime" | "keyFile" | "passphraseFile"
  >;
};

/** Opens auth's folder, `<stateDir>/auth`; at the first start the first key is made, or taken from the key file. */
export async function openCustody(
  { organization, node, stateDir, auth }: CustodyConfig,
  now: () => number = Date.now,
): Promise<Result<Opened>> {
  await using stack = new AsyncDisposableStack();
  const path = join(stateDir, "auth");
  const folder = await openStateFolder(path, { organization, node });
  if (!folder.ok) return folder;
  stack.use(folder.value);
  const given = await readGiven(auth);
  if (!given.ok) return given;
  const { passphrase, first } = given.value;

  const keys = await KeyFolder.open(join(path, "keys"), passphrase);
  const trustStore = openStore<Held>({ folder: path, kind: "trust", version: 1, parse: parseHeld });
  const tokenStore = openStore<Registry>({ folder: path, kind: "tokens", version: 1, parse: parseRegistry });
  const [kept, tokens] = [await trustStore.load(), await tokenStore.load()];
  const held = kept.value ?? nothingHeld;
  const private_ = await readKeys(held, keys);
  if (!private_.ok) return private_;
  const { found, lost } = private_.value;

  const parts = { folder: keys, trustStore, tokenStore, settings: settingsOf(auth), now };
  const custody = new Custody(parts, held, tokens.value ?? [], found);
  for (const kid of lost) custody.lose(kid);
  const isTaken = first !== undefined && held.ring.length === 0;
  if (isTaken) custody.adopt(first);
  await custody.tick();
  const isNew = kept.value === undefined;
  if (isNew && custody.problems.length > 0) return { ok: false, problems: custody.problems };

  const secret = await openSecret(join(path, "pairwise.secret"), passphrase, first);
  if (!secret.ok) return secret;
  const isUnknown = first !== undefined && !custody.held.ring.some(({ kid }) => kid === first.kid);
  const told = [
    ...kept.problems,
    ...tokens.problems,
    ...lost.map((kid) => authProblem("CAT-AUTH-002", kid)),
    ...(isUnknown ? [authProblem("CAT-AUTH-004", auth.keyFile)] : []),
  ];
  const owned = stack.move();
  return ok({
    custody,
    pseudonyms: pseudonyms(secret.value),
    told,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([trustStore.settled(), tokenStore.settled()]);
      await owned.disposeAsync();
    },
  });
}

/** How long each key lives; a key is retiring until the longest token of any class has expired, skew included. */
export function settingsOf({ rotateEvery, publishAhead, maxTokenLifetime }: CustodyConfig["auth"]): KeySettings {
  const { service: _, ...others } = tokenClasses;
  const longest = Math.max(...Object.values(others).map(({ maxLifetime }) => maxLifetime * 1000), maxTokenLifetime);
  return { rotateEvery, publishAhead, grace: longest + clockSkew * 1000 };
}

type Given = { readonly passphrase: string | undefined; readonly first: SigningKey | undefined };

/** What files the configuration names; read at each start, so that a bad one is found before it is needed. */
async function readGiven({ keyFile, passphraseFile }: CustodyConfig["auth"]): Promise<Result<Given>> {
  const passphrase = passphraseFile === undefined ? ok(undefined) : await readPassphrase(passphraseFile);
  if (!passphrase.ok) return passphrase;
  const first = keyFile === undefined ? ok(undefined) : await readKeyFile(keyFile, passphrase.value);
  return first.ok ? ok({ passphrase: passphrase.value, first: first.value }) : first;
}

async function readKeys(
  { ring }: Held,
  folder: KeyFolder,
): Promise<Result<{ readonly found: readonly SigningKey[]; readonly lost: readonly string[] }>> {
  const found: SigningKey[] = [];
  const lost: string[] = [];
  const problems: Problem[] = [];
  for (const { kid } of ring.filter(isOfUse)) {
    const key = await folder.read(kid);
    if (!key.ok) problems.push(...key.problems);
    else if (key.value === undefined) lost.push(kid);
    else found.push(key.value);
  }
  return problems.length > 0 ? fail(...problems) : ok({ found, lost });
}

/** Made once: from the given key, so that nodes with the same one agree; it stays whatever key signs later. */
async function openSecret(
  path: string,
  passphrase: string | undefined,
  given: SigningKey | undefined,
): Promise<Result<Buffer>> {
  const kept = await readSecret(path, passphrase);
  if (kept !== undefined) return kept;
  const secret = given === undefined ? makeSecret() : deriveSecret(given);
  const problem = await writeSecret(path, secret, passphrase);
  return problem === undefined ? ok(secret) : fail(problem);
}
