import { type Command, Option } from "commander";
import { type AdminOptions, adminCommand, askAdmin } from "../admin-command.ts";
import { wholeSecondsFlag } from "../duration-flag.ts";
import { exitCode } from "../exit-code.ts";
import { jsonDocument } from "../output.ts";
import type { Terminal } from "../terminal.ts";

type Flags = AdminOptions & {
  readonly subject: string;
  readonly audience?: string;
  readonly scope?: readonly string[];
  /** In ms. */
  readonly ttl?: number;
  readonly clientId?: string;
  readonly name?: string;
  readonly purpose?: string;
  readonly output: "raw" | "json";
};

/** `catalyst service-token`, which is `catalyst token service`: the one command that prints a token. */
export function serviceTokenCommand(terminal: Terminal, name = "service-token"): Command {
  return adminCommand(name, "have the node sign a service token, by which a client may ask a gateway; print it")
    .requiredOption("--subject <text>", "who asks by it: the service or program")
    .option(
      "--audience <node>",
      "the organization/node whose gateway is to take it (default: the node that signs, which is what --state-dir names)",
    )
    .option("--scope <word>", "what it may be used for; may be repeated", scopeFlag)
    .option("--ttl <duration>", "how long it is good for, in whole seconds (default: 15m)", wholeSecondsFlag)
    .option("--client-id <text>", "the client it is given to (default: the subject)")
    .option("--name <text>", "what it is called in `catalyst token list`")
    .option("--purpose <text>", "what it is for, for people who read the list")
    .addOption(
      new Option("-o, --output <form>", "the token alone, or one JSON document")
        .choices(["raw", "json"])
        .default("raw"),
    )
    .action((flags: Flags) => issue(terminal, flags));
}

async function issue(terminal: Terminal, { output, ttl, ...flags }: Flags): Promise<void> {
  const [{ issueServiceToken }, { formatAge }] = await Promise.all([
    import("../token/issue.ts"),
    import("../times.ts"),
  ]);
  const issued = await askAdmin(terminal, flags, (client) => issueServiceToken(client, flags, ttl));
  if (issued === undefined) return;
  terminal.stdout(output === "json" ? jsonDocument("ServiceToken", [issued]) : `${issued.token}\n`);
  // Beside the token, for a person; a script that reads stdout gets the token alone.
  if (terminal.ask) {
    const left = formatAge(Math.max(0, Math.round((Date.parse(issued.expiresAt) - Date.now()) / 1_000)));
    terminal.stderr(`jti ${issued.jti}, expires in ${left}, at ${issued.expiresAt}\n`);
  }
  terminal.exitWith(exitCode.ok);
}

function scopeFlag(word: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), word];
}
