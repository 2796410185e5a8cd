import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Issued,
  issueAuthority,
  issueCertificate,
  localNames,
  type Validity,
} from "@catalyst-node/adapters/certificates";

const dayMs = 24 * 60 * 60 * 1000;

/** From so many days ago, or in so many days, to so many days from now. */
export function validity(from = -1, to = 30): Validity {
  return { notBefore: new Date(Date.now() + from * dayMs), notAfter: new Date(Date.now() + to * dayMs) };
}

/** An authority of a test's own, and the two files of a server that show what it has issued. */
export class TestCertificates {
  readonly #authority: Issued = issueAuthority("a test's authority", validity());
  readonly certFile: string;
  readonly keyFile: string;

  constructor(folder: string) {
    this.certFile = join(folder, "tls.crt");
    this.keyFile = join(folder, "tls.key");
  }

  /** Made, with the first pair in its files. */
  static async in(folder: string): Promise<TestCertificates> {
    const certificates = new TestCertificates(folder);
    await certificates.write(certificates.issue());
    return certificates;
  }

  /** What clients trust, as PEM. */
  get ca(): string {
    return this.#authority.cert;
  }

  get files(): { readonly certFile: string; readonly keyFile: string } {
    return { certFile: this.certFile, keyFile: this.keyFile };
  }

  /** For localhost and 127.0.0.1, with a new key. */
  issue(name = "localhost", time = validity()): Issued {
    return issueCertificate(this.#authority, name, localNames, time);
  }

  async write({ cert, key }: Issued): Promise<void> {
    await writeFile(this.keyFile, key, { mode: 0o600 });
    await writeFile(this.certFile, cert);
  }
}
