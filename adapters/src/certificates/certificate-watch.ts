import { stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { ok, type Problem, type Result } from "@catalyst-node/core/model";
import { type Certificate, type CertificateFiles, outOfDate, readCertificate } from "./certificate.ts";

/** Between two looks at the files, in milliseconds. Looking instead of being told: it sees renames, links, any mount. */
const lookMs = 500;
/** So many looks in a row must find the same fault before it is told: two files are not replaced at one moment. */
const patience = 4;
const startTries = 10;
const startPauseMs = 100;

export type CertificateListener = {
  /** A new pair, to be served from now on. */
  readonly onChange: (certificate: Certificate) => void;
  /** Why the files, as they are now, are not served; what was served before goes on. Once for each fault. */
  readonly onProblems: (problems: readonly Problem[]) => void;
};

/** The certificate of two files for as long as the process runs. Disposing it ends the looking. */
export class CertificateWatch implements Disposable {
  readonly #files: CertificateFiles;
  readonly #listener: CertificateListener;
  readonly #timer: NodeJS.Timeout;
  #current: Certificate;
  #problems: readonly Problem[] = [];
  #seen: string;
  #faults = 0;
  #isLooking = false;

  private constructor(files: CertificateFiles, listener: CertificateListener, current: Certificate, seen: string) {
    this.#files = files;
    this.#listener = listener;
    this.#current = current;
    this.#seen = seen;
    this.#timer = setInterval(() => void this.#look(), lookMs).unref();
  }

  /** Fails with all that is wrong with the files; a key and a certificate that are just being replaced are waited for. */
  static async open(files: CertificateFiles, listener: CertificateListener): Promise<Result<CertificateWatch>> {
    for (let tries = 1; ; tries += 1) {
      const seen = await versionOf(files);
      const read = await readCertificate(files);
      if (read.ok) return ok(new CertificateWatch(files, listener, read.value, seen));
      const isHalf = read.problems.every(({ code }) => code === "CAT-CERTIFICATES-013");
      if (!isHalf || tries === startTries) return read;
      await pause(startPauseMs);
    }
  }

  /** The last good pair. */
  get current(): Certificate {
    return this.#current;
  }

  /** What is wrong at this moment: it is out of date, or not what the files hold by now. Empty when all is well. */
  problemsAt(now: number): readonly Problem[] {
    const outdated = outOfDate(this.#current, this.#files.certFile, now);
    return [...(outdated === undefined ? [] : [outdated]), ...this.#problems];
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    // Before they are read: what changes meanwhile is seen by the next look.
    const seen = await versionOf(this.#files);
    if (seen !== this.#seen || this.#faults > 0) this.#take(await readCertificate(this.#files), seen);
    this.#isLooking = false;
  }

  #take(read: Result<Certificate>, seen: string): void {
    if (!read.ok) {
      this.#faults += 1;
      if (this.#faults < patience || isSame(read.problems, this.#problems)) return;
      this.#problems = read.problems;
      return this.#listener.onProblems(read.problems);
    }
    this.#seen = seen;
    this.#faults = 0;
    this.#problems = [];
    const isNew = read.value.cert !== this.#current.cert || read.value.key !== this.#current.key;
    if (!isNew) return;
    this.#current = read.value;
    this.#listener.onChange(read.value);
  }
}

/** Changes whenever a file does: written, replaced, or another by a changed link on its way. */
async function versionOf({ certFile, keyFile }: CertificateFiles): Promise<string> {
  const versions = await Promise.all([certFile, keyFile].map(version));
  return versions.join(" ");
}

async function version(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(":");
  } catch {
    return "absent";
  }
}

function isSame(some: readonly Problem[], others: readonly Problem[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}
