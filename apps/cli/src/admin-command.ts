import { resolve } from "node:path";
import { Command, Option } from "commander";
import { exitCode } from "./exit-code.ts";
import type { AdminClient } from "./node-client.ts";
import { type OutputForm, withOutput } from "./output.ts";
import { type Answer, refuse, show } from "./read-command.ts";
import type { Terminal } from "./terminal.ts";

/** Where the node of the working folder keeps its state unless it was told otherwise. */
const defaultStateDir = ".catalyst";

/** Whatever asks a node of this machine by its admin socket. */
export type AdminOptions = { readonly stateDir?: string };
export type AdminReadOptions = AdminOptions & { readonly output: OutputForm };

/** Asks a node by its admin socket. A failed call throws. */
export type AskAdmin<Value> = (client: AdminClient) => Promise<Value>;

/** A command that asks by the admin socket: it has `--state-dir`. */
export function adminCommand(name: string, description: string): Command {
  return withStateDir(new Command(name).description(description));
}

/** The same with `-o table|wide|json`. */
export function adminReadCommand(name: string, description: string): Command {
  return withOutput(adminCommand(name, description));
}

/** Adds `--state-dir`; what it is called when left out is decided by {@link adminSocket}. */
export function withStateDir(command: Command): Command {
  const meaning = `the node's state folder, whose admin.sock is asked (default: CATALYST_STATE_DIR, else ${defaultStateDir})`;
  return command.addOption(new Option("--state-dir <path>", meaning));
}

/** The admin socket of the node that is meant; in a container the environment says which. */
function adminSocket({ cwd, env }: Pick<Terminal, "cwd" | "env">, { stateDir }: AdminOptions): string {
  return resolve(cwd, stateDir ?? (env["CATALYST_STATE_DIR"] || defaultStateDir), "admin.sock");
}

/** Asks once; what came of it, or undefined when it failed and that was told. */
export async function askAdmin<Value>(
  terminal: Terminal,
  options: AdminOptions,
  ask: AskAdmin<Value>,
): Promise<Value | undefined> {
  const { callFailure, connectAdmin } = await import("./node-client.ts");
  const socket = adminSocket(terminal, options);
  const connected = await connectAdmin(socket);
  if (!connected.ok) {
    refuse(terminal, connected.problems, exitCode.usage);
    return undefined;
  }
  using connection = connected.value;
  try {
    return await ask(connection.client);
  } catch (error) {
    const { problem, exit } = callFailure(error, socket);
    refuse(terminal, [problem], exit);
    return undefined;
  }
}

/** Asks once and shows the answer. */
export async function answerAdmin(terminal: Terminal, options: AdminReadOptions, ask: AskAdmin<Answer>): Promise<void> {
  const answered = await askAdmin(terminal, options, ask);
  if (answered === undefined) return;
  show(terminal, options.output, answered);
  terminal.exitWith(answered.exit);
}
