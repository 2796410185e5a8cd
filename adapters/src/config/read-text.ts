import { constants, open } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { maxSourceBytes } from "@catalyst-node/core/config";

/** A text, or why there is none. */
export type TextRead =
  | { readonly text: string }
  | { readonly failure: "missing" | "unreadable" | "too large" | "not text"; readonly message: string };

/**
 * Reads a regular file of UTF-8 text, at most 1 MiB or so many bytes. Anything else is refused before it is read: a pipe or a
 * device could block or never end. Opens without blocking for the same reason.
 */
export async function readText(cwd: string, name: string, maxBytes: number = maxSourceBytes): Promise<TextRead> {
  try {
    await using file = await open(resolve(cwd, name), constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (stats.isDirectory()) return { failure: "unreadable", message: "a folder, not a file" };
    if (!stats.isFile()) return { failure: "unreadable", message: "not a regular file" };
    const bytes = await buffer(file.createReadStream({ end: maxBytes, autoClose: false }));
    if (bytes.length <= maxBytes) return decode(bytes);
    return { failure: "too large", message: `more than ${maxBytes / 1_048_576} MiB; is this the right file?` };
  } catch (error) {
    return toFailure(error);
  }
}

function decode(bytes: Uint8Array): TextRead {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { failure: "not text", message: "not UTF-8 text" };
  }
}

function toFailure(error: unknown): TextRead {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return { failure: "missing", message: "does not exist" };
  if (code === "ENOTDIR") return { failure: "missing", message: "a part of the path is a file, not a folder" };
  if (code === "EACCES" || code === "EPERM") {
    return { failure: "unreadable", message: "this user is not permitted to read it" };
  }
  if (typeof code !== "string") throw error;
  return { failure: "unreadable", message: `cannot be read (${code})` };
}
