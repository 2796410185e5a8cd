import { keepCompiledCode } from "./compile-cache.js";

// Nothing to do when `catalyst.js` did it; for those who start this file.
keepCompiledCode();
const { runProgram } = await import("./program.ts");
const { askPerson, readStdin } = await import("./stdin.ts");

const closed = new AbortController();
// `catalyst services | head -1` is no failure, and a node must survive the end of whoever read its ready line.
process.stdout.on("error", () => closed.abort());
process.stderr.on("error", () => {});

await runProgram(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  exitWith: (code) => {
    process.exitCode = code;
  },
  color: process.stdout.isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb",
  closed: closed.signal,
  stdin: readStdin,
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask: askPerson } : {}),
});
