import { type MemberNode, type ValueNode, parse } from "@humanwhocodes/momoa";
import type { Origin } from "./origin.ts";
import type { Located, Member, Place } from "./place.ts";
import { type ConfigProblem, type ConfigResult, problemAt } from "./problems.ts";
import { explainSyntax, scanJson } from "./syntax.ts";

/** The largest text that is read as a source; far more than a thousand services need. */
export const maxSourceBytes = 1024 * 1024;

/** The deepest nesting that is read; the schema needs 4. */
export const maxNesting = 32;

const lineBreak = /\r\n|\r|\n/;

/** JSON text from somewhere: a file, a variable, a flag. */
export type Document = {
  /** What stands before `:line:column`. */
  readonly label: string;
  readonly text: string;
  readonly origin: (line: number, column: number) => Origin;
};

/** Reads strict JSON (RFC 8259, a leading byte order mark allowed) and keeps the place of everything. */
export function parseDocument(document: Document, maxChars: number = maxSourceBytes): ConfigResult<Located> {
  const text = document.text.replace(/^\uFEFF/, "");
  const lines = text.split(lineBreak);
  const placeAt = (line: number, column: number): Place => ({
    origin: document.origin(line, column),
    label: `${document.label}:${line}:${column}`,
    source: { lines, line, column },
  });
  const refused = refuse(text, maxChars, document.label, placeAt);
  if (refused) return { ok: false, problems: [refused] };
  try {
    return { ok: true, value: locate(parse(text, { mode: "json" }).body, placeAt) };
  } catch (error) {
    const { line, column, offset } = syntaxPlace(error);
    const problem = problemAt("CAT-CONFIG-003", placeAt(line, column), "", explainSyntax(text, offset));
    return { ok: false, problems: [problem] };
  }
}

type PlaceAt = (line: number, column: number) => Place;

function refuse(text: string, maxChars: number, label: string, placeAt: PlaceAt): ConfigProblem | undefined {
  if (text.length > maxChars) {
    return problemAt(
      "CAT-CONFIG-002",
      undefined,
      label,
      `more than ${maxChars / 1_048_576} MiB; is this the right file?`,
    );
  }
  if (text.trim() === "") {
    return problemAt("CAT-CONFIG-003", undefined, label, "empty; the smallest configuration is {}");
  }
  const flaw = scanJson(text, maxNesting);
  if (!flaw) return undefined;
  const before = text.slice(0, flaw.offset).split(lineBreak);
  const place = placeAt(before.length, (before.at(-1)?.length ?? 0) + 1);
  return problemAt(flaw.kind === "deep" ? "CAT-CONFIG-002" : "CAT-CONFIG-003", place, "", flaw.message);
}

function syntaxPlace(error: unknown): { line: number; column: number; offset: number } {
  if (error instanceof Error && "line" in error && "column" in error && "offset" in error) {
    const { line, column, offset } = error;
    if (typeof line === "number" && typeof column === "number" && typeof offset === "number") {
      return { line, column, offset };
    }
  }
  throw error;
}

function locate(node: ValueNode, placeAt: PlaceAt): Located {
  const place = placeAt(node.loc.start.line, node.loc.start.column);
  switch (node.type) {
    case "Object":
      return { place, value: { kind: "object", members: node.members.map((member) => locateMember(member, placeAt)) } };
    case "Array":
      return { place, value: { kind: "list", items: node.elements.map((item) => locate(item.value, placeAt)) } };
    case "Null":
      return { place, value: { kind: "scalar", value: null } };
    case "String":
    case "Number":
    case "Boolean":
      return { place, value: { kind: "scalar", value: node.value } };
    case "NaN":
    case "Infinity":
      throw new TypeError(`strict JSON has no ${node.type}`);
  }
}

function locateMember(member: MemberNode, placeAt: PlaceAt): Member {
  const { name, value } = member;
  return {
    key: name.type === "String" ? name.value : name.name,
    place: placeAt(name.loc.start.line, name.loc.start.column),
    value: locate(value, placeAt),
  };
}
