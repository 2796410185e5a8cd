import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { catalyst, type Finished } from "./process.ts";

/** Keeps what nobody may ever see, hears all that a node tells, and finds the one in the other. */
export class Canary {
  readonly #secrets = new Map<string, string>();
  readonly #heard = new Map<string, string>();

  /** From now on this is looked for everywhere; of a token also each of its parts that tells it from others. */
  keep(secret: string, what: string): string {
    const [, claims, signature] = secret.split(".");
    for (const part of [secret, claims, signature]) if (part !== undefined) this.#secrets.set(part, what);
    return secret;
  }

  /** For a process's `hear`: pieces of one place are put together. */
  hears(place: string): (text: string) => void {
    return (text) => void this.#heard.set(place, (this.#heard.get(place) ?? "") + text);
  }

  /** Runs a command and hears all that it prints. */
  async catalyst(args: readonly string[]): Promise<Finished> {
    const finished = await catalyst(args);
    this.hears(`catalyst ${args.slice(0, 2).join(" ")}`)(finished.stdout + finished.stderr);
    return finished;
  }

  /** Runs the one command that may print a token, hears what else it prints, and keeps the token. */
  async serviceToken(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await catalyst(["service-token", ...args]);
    assert.equal(code, 0, stderr);
    this.hears("catalyst service-token, stderr")(stderr);
    return this.keep(stdout.trim(), "a service token");
  }

  /** Looks into the arguments and surroundings of all processes of this machine. */
  async lookAtProcesses(): Promise<void> {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    for (const pid of pids) {
      for (const file of ["cmdline", "environ"]) {
        // It may have ended.
        this.hears(`/proc/PID/${file}`)(await readFile(`/proc/${pid}/${file}`, "utf8").catch(() => ""));
      }
    }
  }

  /** Looks into all files of a folder. */
  async lookInto(folder: string): Promise<void> {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) this.hears(path)(await readFile(path, "latin1").catch(() => ""));
    }
  }

  /** Where a secret was heard, never the secret itself. */
  found(): readonly string[] {
    return [...this.#heard].flatMap(([place, text]) =>
      [...this.#secrets].filter(([secret]) => text.includes(secret)).map(([, what]) => `${what} in ${place}`),
    );
  }

  /** Fails when a secret was heard anywhere, or when nothing was looked for or heard at all. */
  assertSilent(): void {
    assert.ok(this.#secrets.size > 0 && this.#heard.size > 0, "there is nothing to find");
    assert.deepEqual([...new Set(this.found())], []);
  }
}
