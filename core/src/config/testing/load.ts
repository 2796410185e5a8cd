import assert from "node:assert/strict";
import { type ConfigSources, type LoadedConfig, loadConfig } from "../load.ts";
import type { ConfigProblem } from "../problems.ts";
import type { FlagInput } from "../read-flags.ts";

/** What a test gives: a file as text or as a value, variables, and flags as they are typed. */
export type Given = {
  readonly file?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly supplied?: ConfigSources["supplied"];
};

/** The configuration of valid sources. */
export function loaded(given: Given): LoadedConfig {
  const result = loadConfig(sourcesOf(given));
  assert.ok(result.ok, result.ok ? "" : JSON.stringify(result.problems, undefined, 1));
  return result.value;
}

/** The problems of sources that are not valid. */
export function problemsOf(given: Given): readonly ConfigProblem[] {
  const result = loadConfig(sourcesOf(given));
  assert.ok(!result.ok, "the sources are valid");
  return result.problems;
}

/** `CODE path` of every problem. */
export function told(given: Given): readonly string[] {
  return problemsOf(given).map(({ code, path }) => `${code} ${path}`);
}

/** The code of every problem of a file; none when it is valid. */
export function codesOf(file: object): readonly string[] {
  const result = loadConfig(sourcesOf({ file }));
  return result.ok ? [] : result.problems.map(({ code }) => code);
}

function sourcesOf({ file, env = {}, flags = [], supplied }: Given): ConfigSources {
  const text = typeof file === "string" ? file : JSON.stringify(file, undefined, 2);
  return {
    env,
    flags: flags.map(typed),
    ...(file === undefined ? {} : { file: { name: "catalyst.json", text } }),
    ...(supplied === undefined ? {} : { supplied }),
  };
}

function typed(word: string): FlagInput {
  const [, flag = word, value] = /^(--[a-z-]+)=(.*)$/su.exec(word) ?? [];
  return { flag, value };
}
