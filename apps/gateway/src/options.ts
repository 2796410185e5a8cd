import type { LogFormat, LogLevel } from "@catalyst-node/adapters/log";
import type { CertificateFiles } from "@catalyst-node/adapters/certificates";
import type { TlsFiles } from "@catalyst-node/adapters/rpc";
import type { Workers } from "@catalyst-node/core/model";

type Address = { readonly host: string; readonly port: number };

/** All that a gateway is told by its command line; everything else comes by RPC. */
export type GatewayOptions = {
  /** Where GraphQL is served. */
  readonly listen: Address;
  /** By HTTPS, there or at an address of its own; needed before the first configuration, as the address is. */
  readonly https?: CertificateFiles & { readonly listen?: Address };
  /** How many processes answer clients. */
  readonly workers: Workers;
  /** Where the configuration comes in: `unix:/path`, `host:port`, or a URL of it. */
  readonly rpc: string;
  readonly secretFile?: string;
  readonly tls?: TlsFiles;
  /** How long requests in flight may go on after the stop was asked for, in milliseconds. */
  readonly drainTimeout: number;
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  /** The form of the ready line and of problems. */
  readonly output: "text" | "json";
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
};
