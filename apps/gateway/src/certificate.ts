import type { Certificate, CertificateFiles, CertificateWatch } from "@catalyst-node/adapters/certificates";
import type { Listen } from "@catalyst-node/adapters/http";
import type { Logger } from "@catalyst-node/adapters/log";
import { formatProblem, ok, type Problem, type Result } from "@catalyst-node/core/model";
import type { GatewayOptions } from "./options.ts";

/**
 * The certificate of the files that were named, and whatever becomes of them as long as the process runs: `changed`
 * hears of each new one, and of each that cannot be served (undefined); the log of both. Undefined where only HTTP is spoken.
 */
export async function openCertificate(
  { https }: GatewayOptions,
  log: Logger,
  changed: (certificate: Certificate | undefined) => void,
): Promise<Result<CertificateWatch | undefined>> {
  if (https === undefined) return ok(undefined);
  const tell = (what: string, watch: CertificateWatch): void => {
    const { fingerprint, notAfter } = watch.current;
    log.info(what, { certFile: https.certFile, fingerprint, notAfter: new Date(notAfter).toISOString() });
    const problems = watch.problemsAt(Date.now()).map(formatProblem);
    if (problems.length > 0) log.warn("clients refuse the certificate", { problems });
  };
  // Not for those who want none, nor for their start.
  const { CertificateWatch } = await import("@catalyst-node/adapters/certificates");
  const opened = await CertificateWatch.open(https, {
    onChange(certificate) {
      changed(certificate);
      if (opened.ok) tell("a new certificate is served", opened.value);
    },
    onProblems(problems) {
      changed(undefined);
      log.error("the certificate's files changed and are not used", { problems: problems.map(formatProblem) });
    },
  });
  if (opened.ok) tell("a certificate is served", opened.value);
  return opened;
}

/** Where to listen, with the certificate of this moment. */
export function listenOf({ listen, https }: GatewayOptions, watch: CertificateWatch | undefined): Listen {
  if (watch === undefined) return listen;
  const own = https?.listen;
  return { ...listen, tls: { certificate: watch.current, ...(own === undefined ? {} : { listen: own }) } };
}

/** A certificate that is served, as the status tells it. */
export type CertificateTold = CertificateFiles &
  Pick<Certificate, "fingerprint" | "notBefore" | "notAfter"> & { readonly problems: readonly Problem[] };

export function tellCertificate(
  { https }: GatewayOptions,
  watch: CertificateWatch | undefined,
  now: number,
): CertificateTold | undefined {
  if (https === undefined || watch === undefined) return undefined;
  const { certFile, keyFile } = https;
  const { fingerprint, notBefore, notAfter } = watch.current;
  return { certFile, keyFile, fingerprint, notBefore, notAfter, problems: watch.problemsAt(now) };
}
