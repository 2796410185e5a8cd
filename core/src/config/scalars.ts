import { z } from "zod";
import {
  dnsLabelPattern,
  durationPattern,
  formatDuration,
  formatSize,
  maxWorkers,
  parseDuration,
  parseListen,
  parseRpcAddress,
  parseSize,
  parseWorkers,
  quote,
  serviceUrlProblem,
  sizePattern,
  type Workers,
  workersPattern,
} from "../model/index.ts";

/** Who or what something is; part of route keys, so a DNS label and never escaped. */
export const label = z.string().regex(dnsLabelPattern, {
  error: ({ input }) => `${quote(String(input))} is not a DNS label: 1 to 63 of a-z, 0-9 and "-", no "-" at an end`,
});

/** Text such as "250ms" in sources, a number of milliseconds in the program. */
export const duration = quantity(durationPattern, parseDuration, formatDuration);

/** Text such as "4MiB" in sources, a number of bytes in the program. */
export const size = quantity(sizePattern, parseSize, formatSize);

/** The same, of so many bytes at most. */
export function sizeUpTo(most: number) {
  const parse = (text: string): number | string => {
    const bytes = parseSize(text);
    return typeof bytes === "number" && bytes > most ? `more than ${formatSize(most)}` : bytes;
  };
  return quantity(sizePattern, parse, formatSize);
}

/** A whole number from `least` to `most`, which a file may write as a number or as text. */
export function count(least: number, most: number) {
  const expected = `a whole number from ${least} to ${most}`;
  const isOne = (value: number): boolean => Number.isInteger(value) && value >= least && value <= most;
  return z.codec(
    z.union([
      z
        .string()
        .refine((text) => /^(?:0|[1-9][0-9]{0,9})$/.test(text) && isOne(Number(text)), {
          error: ({ input }) => `${quote(String(input))} is not ${expected}`,
        })
        .meta({ pattern: "^(0|[1-9][0-9]{0,9})$" }),
      z.int().min(least).max(most),
    ]),
    z.number().int(),
    { decode: Number, encode: String },
  );
}

/** A duration, or "off", which is 0 in the program. */
export const durationOrOff = quantity(
  new RegExp(`^off$|${durationPattern.source}`),
  (text) => (text === "off" ? 0 : parseDuration(text)),
  (value) => (value === 0 ? "off" : formatDuration(value)),
);

/** "auto" or a number, which a file may write as a number; see `parseWorkers`. */
export const workers = z.codec(
  z.union([
    z
      .string()
      .refine((text) => parseWorkers(text) !== undefined, {
        error: ({ input }) => `${quote(String(input))} is neither "auto" nor a number from 1 to ${maxWorkers}`,
      })
      .meta({ pattern: workersPattern.source }),
    z.int().min(1).max(maxWorkers),
  ]),
  z.custom<Workers>(),
  { decode: (value) => parseWorkers(String(value)) ?? 1, encode: String },
);

/** `host:port`; see `parseListen`. */
export const listen = z.string().check(z.superRefine(told(textOrUndefined(parseListen))));

/** Where a sidecar's RPC is; see `parseRpcAddress`. */
export const rpcAddress = z.string().check(z.superRefine(told(textOrUndefined(parseRpcAddress))));

/** An issuer's name as it stands in tokens: a URI as a rule, and never escaped or changed. */
export const issuerName = z
  .string()
  .regex(/^[\x21-\x7e]{1,256}$/, { error: "not an issuer: 1 to 256 visible ASCII characters" });

/** A name in a certificate's subjectAltName. */
export const caller = z
  .string()
  .regex(/^[\x21-\x7e]{1,253}$/, { error: "not a name: 1 to 253 visible ASCII characters" });

/** Where a service answers GraphQL over HTTP. */
export const serviceUrl = z.string().check(z.superRefine(told(serviceUrlProblem)));

/** Where subscriptions are asked for: the protocol decides between http and ws, whichever is written. */
export const subscriptionUrl = z
  .string()
  .check(z.superRefine(told((text) => serviceUrlProblem(text.replace(/^ws(?=s?:\/\/)/i, "http")))));

/** A path in the file system; a relative one begins at the working directory, whichever source it comes from. */
export const path = z.string().regex(/^[^\p{Cc}]{1,4096}$/u, { error: "not a path: 1 to 4096 printable characters" });

/** The pattern is for editors, by way of the JSON Schema; the parser alone decides and says what is wrong. */
function quantity(pattern: RegExp, parse: (text: string) => number | string, format: (value: number) => string) {
  return z.codec(
    z
      .string()
      .check(z.superRefine(told(textOrUndefined(parse))))
      .meta({ pattern: pattern.source }),
    z.number().int(),
    { decode: (text) => Number(parse(text)), encode: format },
  );
}

function textOrUndefined(parse: (text: string) => unknown): (text: string) => string | undefined {
  return (text) => {
    const parsed = parse(text);
    return typeof parsed === "string" ? parsed : undefined;
  };
}

function told(problemOf: (text: string) => string | undefined): (text: string, context: z.RefinementCtx) => void {
  return (text, context) => {
    const message = problemOf(text);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  };
}
