import { z } from "zod";
import { dnsLabelPattern } from "../model/index.ts";
import { parseListen, parseRpcAddress, serviceUrlProblem } from "./addresses.ts";
import {
  durationPattern,
  formatDuration,
  formatSize,
  longestDuration,
  parseDuration,
  parseSize,
  sizePattern,
} from "./quantities.ts";

/** Who or what something is; part of route keys, so a DNS label and never escaped. */
export const label = z.string().regex(dnsLabelPattern, {
  error: ({ input }) => `${JSON.stringify(input)} is not a DNS label: 1 to 63 of a-z, 0-9 and "-", no "-" at an end`,
});

/** Text such as "250ms" in sources, a number of milliseconds in the program. */
export const duration = z.codec(
  z.string().regex(durationPattern, {
    error: ({ input }) => `${JSON.stringify(input)} is not a duration, such as "250ms", "5s", "2m" or "1h"`,
  }),
  z.number().int().max(longestDuration, { error: "longer than the 24 days that a timer can wait" }),
  { decode: parseDuration, encode: formatDuration },
);

/** Text such as "4MiB" in sources, a number of bytes in the program. */
export const size = z.codec(
  z.string().regex(sizePattern, {
    error: ({ input }) => `${JSON.stringify(input)} is not a size, such as "512B", "64KiB", "4MiB" or "1GiB"`,
  }),
  z.number().int().max(Number.MAX_SAFE_INTEGER, { error: "too large a size" }),
  { decode: parseSize, encode: formatSize },
);

/** `host:port`; see `parseListen`. */
export const listen = z.string().check(z.superRefine(told(textOrUndefined(parseListen))));

/** Where a sidecar's RPC is; see `parseRpcAddress`. */
export const rpcAddress = z.string().check(z.superRefine(told(textOrUndefined(parseRpcAddress))));

/** Where a service answers GraphQL over HTTP. */
export const serviceUrl = z.string().check(z.superRefine(told(serviceUrlProblem)));

/** A path in the file system; a relative one begins at the working directory, whichever source it comes from. */
export const path = z.string().regex(/^[^\p{Cc}]{1,4096}$/u, { error: "not a path: 1 to 4096 printable characters" });

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
