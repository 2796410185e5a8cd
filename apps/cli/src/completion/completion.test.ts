import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { describeCommand } from "../command-tree.ts";
import { buildProgram } from "../program.ts";
import { bashCompletion } from "./bash.ts";
import { fishCompletion } from "./fish.ts";
import { zshCompletion } from "./zsh.ts";

const terminal = { stdout: () => {}, stderr: () => {}, env: {}, cwd: "/", exitWith: () => {} };
const root = describeCommand(buildProgram(terminal));

/** What a real bash offers when Tab is pressed after these words; the last word is being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const script = `${bashCompletion(root)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _catalyst; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ["--norc", "--noprofile", "-c", script, "bash", "catalyst", ...words];
  return execFileSync("bash", args, { encoding: "utf8", timeout: 10_000 }).split("\n").filter(Boolean);
}

test("bash completes a command that is half typed", () => {
  assert.deepEqual(offered("rou"), ["routes"]);
});

test("bash completes subcommands and options of the deepest command", () => {
  assert.deepEqual(offered("status", "g"), ["gateway"]);
  assert.deepEqual(offered("schema", "print", "--su"), ["--supergraph"]);
});

test("bash completes the values of an option that has choices", () => {
  assert.deepEqual(offered("services", "-o", ""), ["table", "wide", "json"]);
  assert.deepEqual(offered("completion", ""), ["bash", "zsh", "fish", "--help"]);
});

test("bash offers nothing of ours after an option that takes any value, so that file names are completed", () => {
  assert.deepEqual(offered("services", "--state-dir", ""), []);
});

test("every command stands in the scripts of all shells", () => {
  for (const script of [bashCompletion(root), zshCompletion(root), fishCompletion(root)]) {
    for (const { name } of root.commands) assert.match(script, new RegExp(`\\b${name}\\b`));
  }
});
