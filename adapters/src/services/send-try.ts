const connectCodes = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * Whether no connection was made at all: then nothing was sent, and another endpoint may be asked, for mutations too.
 * A kept connection can end by the same codes in the middle of a request; the call that failed tells them apart.
 */
export function hasNotConnected(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error) || !connectCodes.has(String(error.code))) return false;
  return !("syscall" in error) || error.syscall === "connect" || error.syscall === "getaddrinfo";
}
