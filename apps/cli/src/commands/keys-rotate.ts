import type { Command } from "commander";
import { type AdminReadOptions, adminReadCommand, answerAdmin } from "../admin-command.ts";
import { confirm, withYes } from "../confirm.ts";
import { exitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";

type RotateOptions = AdminReadOptions & {
  readonly activate?: boolean;
  readonly emergency?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
};

/** `catalyst keys rotate`: the next key is published, and signs once every verifier can know it. */
export function keysRotateCommand(terminal: Terminal): Command {
  const command = adminReadCommand("rotate", "publish a new key, which signs once every verifier can know it")
    .option("--activate", "have the next key sign at once: who has not looked for it yet refuses its tokens until then")
    .option("--emergency", "have a new key sign at once and remove all others, with every token they signed")
    .option("--reason <text>", "why, for the audit");
  return withYes(command).action(async (options: RotateOptions, command: Command) => {
    if (options.activate && options.emergency) command.error("error: --activate and --emergency exclude each other");
    const question = questionOf(options);
    if (question !== undefined && !(await confirm(terminal, options, question))) return;
    await rotate(terminal, options);
  });
}

function questionOf({ activate, emergency }: RotateOptions): string | undefined {
  if (emergency) return "Every token that this node has signed is refused from now on.";
  return activate
    ? "Verifiers that have not looked for the next key yet refuse its tokens until they have."
    : undefined;
}

async function rotate(terminal: Terminal, options: RotateOptions): Promise<void> {
  const [{ authV1 }, { keyList }] = await Promise.all([
    import("@catalyst-node/adapters/rpc"),
    import("../views/key.ts"),
  ]);
  const { PREPARE, ACTIVATE, EMERGENCY } = authV1.RotateRequest_Mode;
  const mode = options.emergency ? EMERGENCY : options.activate ? ACTIVATE : PREPARE;
  await answerAdmin(terminal, options, async (client) => {
    const { keys } = await client.rotateKeys({ mode, reason: options.reason ?? "" });
    return { ...keyList(keys, new Date()), exit: exitCode.ok };
  });
}
