import { join, resolve } from "node:path";
import { maxWorkers, parseDuration, parseListen, parseWorkers, type Workers } from "@catalyst-node/core/model";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Terminal } from "../terminal.ts";

type Flags = {
  readonly listen: { readonly host: string; readonly port: number };
  readonly tlsListen?: { readonly host: string; readonly port: number };
  readonly tlsCertFile?: string;
  readonly tlsKeyFile?: string;
  readonly workers: Workers;
  readonly rpc?: string;
  readonly rpcSecretFile?: string;
  readonly rpcTlsCaFile?: string;
  readonly rpcTlsCertFile?: string;
  readonly rpcTlsKeyFile?: string;
  readonly stateDir: string;
  readonly drainTimeout: number;
  readonly logLevel: "trace" | "debug" | "info" | "warn" | "error" | "silent";
  readonly logFormat: "auto" | "json" | "pretty";
  readonly output: "text" | "json";
};

/** `catalyst gateway`: the GraphQL process, configured by RPC only. */
export function gatewayCommand(terminal: Terminal): Command {
  return new Command("gateway")
    .description("serve GraphQL as one process that takes its configuration by RPC")
    .addOption(
      new Option("--listen <host:port>", "where GraphQL is served")
        .argParser(listenFlag)
        .default({ host: "127.0.0.1", port: 4000 }, "127.0.0.1:4000"),
    )
    .option("--tls-cert-file <path>", "the certificate that clients are shown: GraphQL is served by HTTPS")
    .option("--tls-key-file <path>", "the certificate's private key (mode 0600)")
    .addOption(
      new Option("--tls-listen <host:port>", "where HTTPS is served, beside HTTP; else --listen is HTTPS").argParser(
        listenFlag,
      ),
    )
    .addOption(
      new Option("--workers <number|auto>", "how many processes answer requests; auto is one for each core")
        .argParser(workersFlag)
        .default(1, "1"),
    )
    .option(
      "--rpc <address>",
      "where the configuration comes in: unix:PATH or host:port (default: unix:<state-dir>/gateway.sock)",
    )
    .option("--rpc-secret-file <path>", "the shared secret that callers over TCP must send (mode 0600)")
    .option("--rpc-tls-ca-file <path>", "the authorities that callers' certificates must come from (mTLS)")
    .option("--rpc-tls-cert-file <path>", "the certificate that is shown to callers (mTLS)")
    .option("--rpc-tls-key-file <path>", "the certificate's private key (mTLS, mode 0600)")
    .option("--state-dir <path>", "the folder of the default socket", ".catalyst")
    .addOption(
      new Option("--drain-timeout <duration>", "how long requests in flight may take to end on SIGTERM")
        .argParser(durationFlag)
        .default(10_000, "10s"),
    )
    .addOption(
      new Option("--log-level <level>", "the least severe lines that are written")
        .choices(["trace", "debug", "info", "warn", "error", "silent"])
        .default("info"),
    )
    .addOption(
      new Option("--log-format <format>", "how lines are written to stderr")
        .choices(["auto", "json", "pretty"])
        .default("auto"),
    )
    .addOption(
      new Option("-o, --output <form>", "the form of the ready line").choices(["text", "json"]).default("text"),
    )
    .action(async (flags: Flags, command: Command) => {
      const tls = tlsFlags(flags, command);
      const https = httpsFlags(flags, command);
      const { runGateway } = await import("@catalyst-node/gateway");
      const code = await runGateway({
        listen: flags.listen,
        ...(https === undefined ? {} : { https }),
        workers: flags.workers,
        rpc: flags.rpc ?? `unix:${join(resolve(terminal.cwd, flags.stateDir), "gateway.sock")}`,
        ...(flags.rpcSecretFile === undefined ? {} : { secretFile: flags.rpcSecretFile }),
        ...(tls === undefined ? {} : { tls }),
        drainTimeout: flags.drainTimeout,
        log: { level: flags.logLevel, format: flags.logFormat },
        output: flags.output,
        stdout: terminal.stdout,
        stderr: terminal.stderr,
      });
      terminal.exitWith(code);
    });
}

function httpsFlags({ tlsCertFile: certFile, tlsKeyFile: keyFile, tlsListen: listen }: Flags, command: Command) {
  if (certFile === undefined && keyFile === undefined && listen === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    return command.error("error: --tls-cert-file and --tls-key-file belong together, and --tls-listen needs both");
  }
  return { certFile, keyFile, ...(listen === undefined ? {} : { listen }) };
}

function tlsFlags(flags: Flags, command: Command) {
  const { rpcTlsCaFile: caFile, rpcTlsCertFile: certFile, rpcTlsKeyFile: keyFile } = flags;
  if (caFile === undefined && certFile === undefined && keyFile === undefined) return undefined;
  if (caFile === undefined || certFile === undefined || keyFile === undefined) {
    return command.error("error: --rpc-tls-ca-file, --rpc-tls-cert-file and --rpc-tls-key-file belong together");
  }
  return { caFile, certFile, keyFile };
}

function listenFlag(text: string): { readonly host: string; readonly port: number } {
  const listen = parseListen(text);
  if (typeof listen === "string") throw new InvalidArgumentError(listen);
  return listen;
}

function durationFlag(text: string): number {
  const duration = parseDuration(text);
  if (typeof duration === "string") throw new InvalidArgumentError(duration);
  return duration;
}

function workersFlag(text: string): Workers {
  const workers = parseWorkers(text);
  if (workers === undefined) throw new InvalidArgumentError(`"auto" or a number from 1 to ${maxWorkers} is expected.`);
  return workers;
}
