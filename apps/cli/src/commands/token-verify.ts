import { type Command, Option } from "commander";
import { type AdminReadOptions, adminReadCommand, answerAdmin } from "../admin-command.ts";
import { exitCode } from "../exit-code.ts";
import { refuse } from "../read-command.ts";
import type { Terminal } from "../terminal.ts";
import { type TokenOptions, readToken, withTokenFile } from "../token/read-token.ts";
import { type ClassWord, classWords } from "../token/words.ts";

type VerifyOptions = AdminReadOptions & TokenOptions & { readonly audience?: string; readonly class?: ClassWord };

/** `catalyst token verify`: whether the node would take a token now, and why not. Exit 1 when it would not. */
export function tokenVerifyCommand(terminal: Terminal): Command {
  const command = adminReadCommand("verify", "ask the node whether it would take a token; exit 1 when it would not")
    .option("--audience <node>", "the organization/node whose gateway is to take it (default: any one)")
    .addOption(new Option("--class <word>", "what it is to be (default: any class)").choices(classWords));
  return withTokenFile(command).action((options: VerifyOptions) => verify(terminal, options));
}

async function verify(terminal: Terminal, options: VerifyOptions): Promise<void> {
  const [{ classValue }, { verdictItem, verdictText }] = await Promise.all([
    import("../token/classes.ts"),
    import("../views/verdict.ts"),
  ]);
  const token = await readToken(terminal, options);
  if (!token.ok) return refuse(terminal, token.problems, exitCode.usage);
  await answerAdmin(terminal, options, async (client) => {
    const audience = options.audience ?? "";
    const verdict = await client.verifyToken({ token: token.value, audience, class: classValue(options.class) });
    const item = verdictItem(verdict, new Date());
    const exit = item.valid ? exitCode.ok : exitCode.failed;
    return { kind: "TokenVerdict", items: [item], text: () => verdictText(item), exit };
  });
}
