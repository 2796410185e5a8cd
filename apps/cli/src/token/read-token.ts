import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { type Result, fail, ok } from "@catalyst-node/core/model";
import { type Command, Option } from "commander";
import { cliProblem } from "../problems.ts";
import { readBounded } from "../read-bounded.ts";
import type { Terminal } from "../terminal.ts";

export type TokenOptions = { readonly tokenFile: string };

/** Twice what any verifier looks at. */
const maxBytes = 16_384;

/** Adds `--token-file`. */
export function withTokenFile(command: Command): Command {
  return command
    .addOption(new Option("--token-file <path>", "the file that holds the token; - is stdin").default("-"))
    .allowExcessArguments()
    .hook("preAction", refuseArguments);
}

/** Everybody on the machine can read the arguments of a process; commander would repeat this one, too. */
function refuseArguments(command: Command): void {
  if (command.args.length === 0) return;
  command.error(
    "error: a token is read from stdin or --token-file, never an argument, which all users of the machine can see; take it back",
  );
}

/** The token, without the blanks around it. Nothing of it stands in a problem. */
export async function readToken(terminal: Terminal, { tokenFile }: TokenOptions): Promise<Result<string>> {
  if (tokenFile === "-" && terminal.ask) terminal.stderr("Paste the token and end with Ctrl-D.\n");
  try {
    const text =
      tokenFile === "-" ? await terminal.stdin?.(maxBytes) : await readFile(resolve(terminal.cwd, tokenFile));
    const token = text?.trim() ?? "";
    return token === "" ? fail(cliProblem("CAT-CLI-007", where(tokenFile), "There is no token.")) : ok(token);
  } catch (error) {
    const what = error instanceof RangeError ? `It has ${error.message}` : codeOf(error);
    return fail(cliProblem("CAT-CLI-007", where(tokenFile), `${what}.`));
  }
}

/** No more of it than may be there: it may be a device without an end. */
function readFile(path: string): Promise<string> {
  return readBounded(createReadStream(path, { end: maxBytes }), maxBytes);
}

function where(tokenFile: string): string {
  return tokenFile === "-" ? "stdin" : tokenFile;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? `It cannot be read (${String(error.code)})` : "It cannot be read";
}
