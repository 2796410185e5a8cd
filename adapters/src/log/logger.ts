import { pino } from "pino";
import { createLineWriter } from "./line-writer.ts";
import { prettyLine } from "./pretty-line.ts";
import { scrub } from "./scrub.ts";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent";

/** `auto`: pretty on a terminal, JSON (one object a line) elsewhere. */
export type LogFormat = "auto" | "json" | "pretty";

/** Facts for machines; `error` fields are written with name, message and stack. */
export type LogFields = Readonly<Record<string, unknown>>;

export type LogWrite = (message: string, fields?: LogFields) => void;

/** A port, so that whatever logs need not know how or where. */
export interface Logger {
  readonly trace: LogWrite;
  readonly debug: LogWrite;
  readonly info: LogWrite;
  readonly warn: LogWrite;
  readonly error: LogWrite;
  /** Writes what is still held back; for the last moment of a process. */
  readonly flush: () => void;
}

export type LoggerOptions = {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Stands on every line. Asked for each line, since a gateway learns who it is only when it is configured. */
  readonly bindings: () => LogFields;
  /** The file descriptor to write to; default 2, stderr. */
  readonly fd?: number;
};

export function createLogger({ level, format, bindings, fd = 2 }: LoggerOptions): Logger {
  const pretty = format === "pretty" || (format === "auto" && fd === 2 && process.stderr.isTTY);
  const sink = createLineWriter(fd);
  // What others of this process write there must not end it either, when nobody reads any more.
  if (fd === 2) process.stderr.on("error", () => undefined);
  const log = pino(
    {
      level,
      base: null,
      mixin: () => ({ ...bindings() }),
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { error: pino.stdSerializers.err },
      messageKey: "message",
      hooks: { streamWrite: (line) => (pretty ? prettyLine(scrub(line)) : scrub(line)) },
    },
    sink,
  );
  const write =
    (name: Exclude<LogLevel, "silent">): LogWrite =>
    (message, fields = {}) =>
      log[name](fields, message);
  return {
    trace: write("trace"),
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    flush: () => sink.flush(),
  };
}
