import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { manifestBounds, ownMember, type PersistedOperation, quote } from "../model/index.ts";
import { maxNesting, parseDocument } from "./document.ts";
import { scanJson } from "./syntax.ts";
import type { Located } from "./place.ts";
import { type ConfigProblem, type ConfigProblemCode, type ConfigResult, problemAt } from "./problems.ts";

/** A file's text, and how people know the file. */
export type ManifestFile = { readonly name: string; readonly text: string };

/** Problems that are told at once; a manifest that a tool wrote wrongly is wrong a thousand times. */
const mostProblems = 20;

/** What is wrong in JSON that was parsed, and where in it. */
type Wrong = { readonly path: readonly (string | number)[]; readonly message: string };

/**
 * Reads a manifest of persisted operations in Apollo's format (`apollo-persisted-query-manifest`, version 1). Whether its
 * texts fit any schema is not asked: schemas change. Problems tell line and column.
 */
export function readManifest({ name, text }: ManifestFile): ConfigResult<readonly PersistedOperation[]> {
  if (text.length > manifestBounds.chars)
    return refused(problemAt("CAT-CONFIG-022", undefined, name, "larger than 4 MiB"));
  const parsed = scanJson(text, maxNesting) === undefined ? parse(text) : undefined;
  // Places are looked for only when there is something to tell: that takes ten times as long.
  if (parsed === undefined) return located(name, text, "CAT-CONFIG-021", [{ path: [], message: "no manifest" }]);
  const envelope = wrongEnvelope(parsed.value);
  if (envelope !== undefined) return located(name, text, "CAT-CONFIG-021", [envelope]);
  const operations = listOf(parsed.value);
  if (operations.length > manifestBounds.operations) {
    const message = `${operations.length} operations; at most ${manifestBounds.operations} are taken`;
    return located(name, text, "CAT-CONFIG-022", [{ path: ["operations"], message }]);
  }
  const ids = new Map<unknown, number>();
  const wrong = operations.flatMap((operation, index) => wrongOperation(operation, index, ids));
  if (wrong.length > 0) return located(name, text, "CAT-CONFIG-021", wrong.slice(0, mostProblems));
  return {
    ok: true,
    value: operations.map((operation) => ({
      id: String(ownMember(operation, "id")),
      body: String(ownMember(operation, "body")),
    })),
  };
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, "")) };
  } catch {
    return undefined;
  }
}

function wrongEnvelope(value: unknown): Wrong | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { path: [], message: "no manifest, which is an object with format, version and operations" };
  const format = ownMember(value, "format");
  if (format !== "apollo-persisted-query-manifest")
    return { path: ["format"], message: `must be "apollo-persisted-query-manifest"` };
  if (ownMember(value, "version") !== 1) return { path: ["version"], message: "must be 1" };
  if (!Array.isArray(ownMember(value, "operations"))) return { path: ["operations"], message: "must be a list" };
  return undefined;
}

function listOf(value: unknown): readonly unknown[] {
  const operations = ownMember(value, "operations");
  return Array.isArray(operations) ? operations : [];
}

function wrongOperation(operation: unknown, index: number, ids: Map<unknown, number>): readonly Wrong[] {
  const at = (key: string, message: string): Wrong => ({ path: ["operations", index, key], message });
  const [id, name, body] = ["id", "name", "body"].map((key) => ownMember(operation, key));
  const called = typeof name === "string" ? quote(name.slice(0, 64)) : `operation ${index + 1}`;
  if (typeof id !== "string" || id === "" || id.length > manifestBounds.idChars)
    return [at("id", `the id of ${called} must be a text of 1 to ${manifestBounds.idChars} characters`)];
  if (typeof body !== "string" || body === "") return [at("body", `the body of ${called} must be a text`)];
  const before = ids.get(id);
  if (before !== undefined) return [at("id", `the id of ${called} is that of operation ${before + 1} already`)];
  ids.set(id, index);
  if (!/^[0-9a-f]{64}$/i.test(id) || bytesToHex(sha256(utf8ToBytes(body))) === id.toLowerCase()) return [];
  return [at("body", `the SHA-256 of the body of ${called} is not its id`)];
}

/** Tells the places of what is wrong; of what is no JSON, that alone. */
function located(
  name: string,
  text: string,
  code: ConfigProblemCode,
  wrong: readonly Wrong[],
): ReturnType<typeof refused> {
  const origin = (line: number, column: number) => ({ kind: "file", file: name, line, column }) as const;
  const document = parseDocument({ label: name, text, origin }, manifestBounds.chars);
  if (!document.ok) return document;
  return refused(...wrong.map(({ path, message }) => problemAt(code, placeIn(document.value, path), "", message)));
}

/** The place of what a path leads to, or of the innermost that is there. */
function placeIn(root: Located, path: readonly (string | number)[]): Located["place"] {
  let current = root;
  for (const part of path) {
    const { value } = current;
    const next =
      value.kind === "list" && typeof part === "number"
        ? value.items[part]
        : value.kind === "object"
          ? value.members.findLast(({ key }) => key === part)?.value
          : undefined;
    if (next === undefined) break;
    current = next;
  }
  return current.place;
}

function refused(...problems: readonly ConfigProblem[]): { ok: false; problems: readonly ConfigProblem[] } {
  return { ok: false, problems };
}
