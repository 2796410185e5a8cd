import type { AuthStatus } from "./auth-status.ts";
import type { GatewayStatus } from "./gateway-status.ts";

/**
 * What hinders a sidecar found on our socket from being adopted. `replace`: it is ours, but not as we want it;
 * otherwise it is somebody else's and must not be touched.
 */
export type Strangeness = { readonly why: string; readonly replace: boolean };

/** The gateway that we would start. */
type Ours = {
  readonly version: string;
  readonly organization: string;
  readonly node: string;
  readonly listen: string;
  /** By HTTPS, at an address of its own or at that of all. */
  readonly tls:
    | { readonly certFile: string; readonly keyFile: string; readonly listen?: string | undefined }
    | undefined;
  readonly workers: number;
};

/** What tells one gateway from another. */
type Theirs = Pick<
  GatewayStatus,
  "version" | "organization" | "node" | "listeners" | "state" | "workers" | "certificate"
>;

/** Compares a gateway found on our socket with the one that we would start; undefined: it can be adopted. */
export function strangeness(status: Theirs, ours: Ours): Strangeness | undefined {
  if (status.organization !== "" && (status.organization !== ours.organization || status.node !== ours.node)) {
    return { why: `it belongs to ${status.organization}/${status.node}`, replace: false };
  }
  if (status.state === "stopping") return { why: "it is stopping", replace: true };
  if (status.version !== ours.version) {
    return { why: `it is version ${status.version}, this is ${ours.version}`, replace: true };
  }
  const workers = Math.max(1, status.workers.length);
  if (workers !== ours.workers) {
    return { why: `it has ${workers} worker(s), ${ours.workers} are configured`, replace: true };
  }
  const { certificate } = status;
  if (certificate?.certFile !== ours.tls?.certFile || certificate?.keyFile !== ours.tls?.keyFile) {
    const [theirs = "none", configured = "none"] = [certificate?.certFile, ours.tls?.certFile];
    return { why: `its certificate is ${theirs}, ${configured} is configured`, replace: true };
  }
  const addresses = [
    ["graphql", ours.listen],
    ["graphql-tls", ours.tls?.listen],
  ] as const;
  for (const [name, listen] of addresses) {
    const bound = hostPort(status.listeners.find((listener) => listener.name === name)?.url);
    if (!isBoundAs(bound, listen))
      return { why: `it listens on ${bound ?? "nothing"}, ${listen ?? "nothing"} is configured`, replace: true };
  }
  return undefined;
}

/** The same of an auth. Of our node and with another issuer it is replaced: the keys of that issuer are not wanted. */
export function authStrangeness(
  status: Pick<AuthStatus, "version" | "organization" | "node" | "issuer" | "listeners" | "settingsDigest">,
  ours: Pick<Ours, "version" | "organization" | "node" | "listen"> & {
    readonly issuer: string;
    readonly settingsDigest: string;
  },
): Strangeness | undefined {
  if (status.organization !== ours.organization || status.node !== ours.node) {
    return { why: `it belongs to ${status.organization}/${status.node}`, replace: false };
  }
  if (status.issuer !== ours.issuer) {
    return { why: `its issuer is ${status.issuer}, ${ours.issuer} is configured`, replace: true };
  }
  if (status.version !== ours.version) {
    return { why: `it is version ${status.version}, this is ${ours.version}`, replace: true };
  }
  const bound = hostPort(status.listeners.find(({ name }) => name === "jwks")?.url);
  if (!isBoundAs(bound, ours.listen)) {
    return { why: `it listens on ${bound ?? "nothing"}, ${ours.listen} is configured`, replace: true };
  }
  return status.settingsDigest === ours.settingsDigest
    ? undefined
    : { why: "it was started with other settings", replace: true };
}

/** Whether that is what binding `listen` comes to. */
function isBoundAs(bound: string | undefined, listen: string | undefined): boolean {
  return bound === listen || (listen?.endsWith(":0") === true && bound?.replace(/:\d+$/, ":0") === listen);
}

function hostPort(url: string | undefined): string | undefined {
  return url?.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}
