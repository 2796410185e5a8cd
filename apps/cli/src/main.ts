#!/usr/bin/env node
import { runProgram } from "./program.ts";

await runProgram(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  exitWith: (code) => {
    process.exitCode = code;
  },
});
