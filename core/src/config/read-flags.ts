import { quote } from "../model/index.ts";
import { type NamedKey, namedKeys } from "./names.ts";
import { splitAssignment } from "./pairs.ts";
import { type NoTarget, type Path, findTarget, formatPath, isItemName } from "./path.ts";
import { type Place, placeOf } from "./place.ts";
import { type ConfigProblem, type ConfigProblemCode, problemAt } from "./problems.ts";
import { readItemFlag } from "./read-item-flag.ts";
import { readTree } from "./read-tree.ts";
import { type Reading, type Setting, nothingRead } from "./reading.ts";
import { configShape } from "./shape.ts";

/** One flag as it was given, in the order of the command line. `value` is undefined for a bare `--flag`. */
export type FlagInput = {
  /** With its dashes: `--gateway-listen`, `--no-gateway-embedded`, `--set`. */
  readonly flag: string;
  readonly value: string | undefined;
  /** For `--set-file`: what the named file holds, without its last line break; or why it cannot be read. */
  readonly content?: string | ConfigProblem;
};

/** A key that flags set back to its default, whatever other sources say. */
export type Unset = { readonly path: Path; readonly place: Place };

export type FlagReading = Reading & { readonly unsets: readonly Unset[] };

/** Reads all flags; the same key given twice is a problem, for one of the two would be ignored. */
export function readFlags(flags: readonly FlagInput[]): FlagReading {
  const unsets = flags.filter(({ flag }) => flag === "--unset").map(readUnset);
  const readings = flags.map(readFlag);
  const found = unsets.flatMap((unset) => ("path" in unset ? [unset] : []));
  const settings = readings.flatMap(({ settings }) => settings);
  return {
    settings,
    unsets: found,
    problems: [
      ...readings.flatMap(({ problems }) => problems),
      ...unsets.flatMap((unset) => ("path" in unset ? [] : [unset.problem])),
      ...givenTwice(settings, found),
    ],
  };
}

function readFlag({ flag, value, content }: FlagInput): Reading {
  switch (flag) {
    case "--config":
    case "--unset":
      return nothingRead;
    case "--set":
      return readSet(flag, value ?? "");
    case "--set-file":
      if (typeof content === "object") return { settings: [], problems: [content] };
      return readSet(flag, value ?? "", content);
    default:
      return readNamed(flag, value);
  }
}

function readNamed(flag: string, value: string | undefined): Reading {
  const positive = flag.replace(/^--no-/, "--");
  const named: NamedKey | undefined = namedKeys.find((key) => key.flag === flag || key.flag === positive);
  if (!named) throw new TypeError(`${flag} is not a flag of the configuration`);
  const place = placeOf({ kind: "flag", flag });
  if (named.shape.kind === "list") return readItemFlag(named.shape, flag, value ?? "", place);
  const text = value ?? (named.flag === flag ? "true" : "false");
  const node = { place, value: { kind: "word", text } } as const;
  return readTree(named.shape, node, { path: named.shape.key.split("."), shown: "" });
}

/** `--set PATH=VALUE`; the value is the rest of the text, or the content of a file. */
function readSet(flag: string, text: string, content?: string): Reading {
  const place = placeOf({ kind: "flag", flag });
  const pair = splitAssignment(text);
  if (!pair) return broken("CAT-CONFIG-011", place, `${quote(text)} is not PATH=VALUE`);
  const [address, value] = pair;
  const target = findTarget(configShape, address);
  if ("reason" in target) return noTarget(target, place, address);
  const shown = formatPath(target.path);
  if (target.shape.kind !== "scalar") {
    const kind = target.shape.kind === "list" ? "a list; set its items' keys" : "an object; set its keys";
    return broken("CAT-CONFIG-011", place, `${shown} is ${kind}`);
  }
  if (isItemName(target.path)) {
    return broken("CAT-CONFIG-011", place, `${shown} is the item's address and cannot be set`);
  }
  const node = { place, value: { kind: "word", text: content ?? value } } as const;
  return readTree(target.shape, node, { path: target.path, shown });
}

function readUnset({ flag, value = "" }: FlagInput): Unset | { readonly problem: ConfigProblem } {
  const place = placeOf({ kind: "flag", flag });
  const target = findTarget(configShape, value);
  if ("reason" in target) {
    return { problem: problemAt(codeOf(target), place, quote(value), target.message) };
  }
  if (isItemName(target.path)) {
    const message = `${value} is the item's address; unset the item itself`;
    return { problem: problemAt("CAT-CONFIG-011", place, "", message) };
  }
  return { path: target.path, place };
}

function givenTwice(settings: readonly Setting[], unsets: readonly Unset[]): readonly ConfigProblem[] {
  const given = new Map<string, { readonly path: Path; readonly places: readonly Place[] }>();
  for (const { path, place } of [...unsets, ...settings]) {
    const key = formatPath(path);
    given.set(key, { path, places: [...(given.get(key)?.places ?? []), place] });
  }
  const twice = [...given].filter(([, { places }]) => places.length > 1);
  const sameNames = twice.flatMap(([, { path }]) => (isItemName(path) ? [formatPath(path.slice(0, -1))] : []));
  return twice.flatMap(([key, { path, places }]) => {
    const place = places.at(-1);
    const item = sameNames.find((item) => key.startsWith(`${item}.`));
    if (isItemName(path)) {
      return [problemAt("CAT-CONFIG-010", place, key, "two items have this name; give each name once", key)];
    }
    if (item !== undefined) return [];
    const others = [...new Set(places.slice(0, -1).map(({ label }) => label))].filter(
      (label) => label !== place?.label,
    );
    const message = others.length === 0 ? "given more than once" : `also given by ${others.join(", ")}`;
    return [problemAt("CAT-CONFIG-009", place, key, `${message}; give it once`, key)];
  });
}

function noTarget(target: NoTarget, place: Place, address: string): Reading {
  return broken(codeOf(target), place, `${quote(address)}: ${target.message}`);
}

function codeOf({ reason }: NoTarget): ConfigProblemCode {
  if (reason === "forbidden") return "CAT-CONFIG-013";
  return reason === "unknown" ? "CAT-CONFIG-004" : "CAT-CONFIG-011";
}

function broken(code: ConfigProblemCode, place: Place, message: string): Reading {
  return { settings: [], problems: [problemAt(code, place, "", message)] };
}
