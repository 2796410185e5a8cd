import { createHash } from "node:crypto";
import { type ConfigResult, readManifest } from "@catalyst-node/core/config";
import { manifestBounds, type Manifest } from "@catalyst-node/core/model";
import { readText } from "./read-text.ts";
import { unread } from "./unread.ts";

/** Reads a manifest of persisted operations; relative to the working directory. */
export async function readManifestFile(name: string): Promise<ConfigResult<Manifest>> {
  // What is read as text has at most as many characters as bytes.
  const read = await readText(process.cwd(), name, manifestBounds.bytes);
  if ("failure" in read) return { ok: false, problems: [unread(read, name)] };
  const operations = readManifest({ name, text: read.text });
  if (!operations.ok) return operations;
  const digest = createHash("sha256").update(read.text).digest("hex");
  return { ok: true, value: { digest, operations: operations.value } };
}
