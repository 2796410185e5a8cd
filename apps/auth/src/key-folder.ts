import { join } from "node:path";
import { readKeyFile, removePrivate, type SigningKey, sweepFolder, writeKeyFile } from "@catalyst-node/adapters/keys";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { authProblem } from "./problems.ts";

/** Private keys on the disk, a file each that is named by its kid. */
export class KeyFolder {
  readonly #path: string;
  readonly #passphrase: string | undefined;
  /** Those with a file. */
  readonly #kept: Set<string>;

  private constructor(path: string, passphrase: string | undefined, kept: Set<string>) {
    this.#path = path;
    this.#passphrase = passphrase;
    this.#kept = kept;
  }

  /** Opens it, and removes what a killed process had begun to write. */
  static async open(path: string, passphrase: string | undefined): Promise<KeyFolder> {
    const names = await sweepFolder(path);
    const kids = names.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length));
    return new KeyFolder(path, passphrase, new Set(kids));
  }

  /** A key's private half; undefined when its file is gone. One that is there and cannot be used is a problem. */
  async read(kid: string): Promise<Result<SigningKey | undefined>> {
    if (!this.#kept.has(kid)) return ok(undefined);
    const path = this.#file(kid);
    const key = await readKeyFile(path, this.#passphrase);
    if (!key.ok || key.value.kid === kid) return key;
    return fail(authProblem("CAT-AUTH-003", path));
  }

  /** Writes what has no file yet. Never rejects. */
  async write(keys: readonly SigningKey[]): Promise<Problem | undefined> {
    for (const key of keys) {
      if (this.#kept.has(key.kid)) continue;
      const problem = await writeKeyFile(this.#file(key.kid), key, this.#passphrase);
      if (problem !== undefined) return problem;
      this.#kept.add(key.kid);
    }
    return undefined;
  }

  /** Removes all private halves but these: what signs no more must not be there to be stolen. */
  async keepOnly(kids: readonly string[]): Promise<void> {
    for (const kid of this.#kept) {
      if (kids.includes(kid)) continue;
      await removePrivate(this.#file(kid)).then(
        () => this.#kept.delete(kid),
        () => undefined,
      );
    }
  }

  #file(kid: string): string {
    return join(this.#path, `${kid}${suffix}`);
  }
}

const suffix = ".pem";
