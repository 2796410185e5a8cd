import { Command } from "commander";
import { exitCode } from "../exit-code.ts";
import { type OutputForm, withOutput } from "../output.ts";
import { refuse, show } from "../read-command.ts";
import type { Terminal } from "../terminal.ts";
import { type TokenOptions, readToken, withTokenFile } from "../token/read-token.ts";

type InspectOptions = TokenOptions & { readonly output: OutputForm };

/** `catalyst token inspect`: what a token says, by this process alone; whether it is true is told by `verify`. */
export function tokenInspectCommand(terminal: Terminal): Command {
  const command = new Command("inspect").description("show what a token says, without asking whether it is true");
  return withOutput(withTokenFile(command)).action((options: InspectOptions) => inspect(terminal, options));
}

async function inspect(terminal: Terminal, options: InspectOptions): Promise<void> {
  const [{ decodeToken }, { claimsItem, claimsText }] = await Promise.all([
    import("../token/decode.ts"),
    import("../views/claims.ts"),
  ]);
  const token = await readToken(terminal, options);
  if (!token.ok) return refuse(terminal, token.problems, exitCode.usage);
  const decoded = decodeToken(token.value);
  if (!decoded.ok) return refuse(terminal, decoded.problems, exitCode.failed);
  const item = claimsItem(decoded.value, new Date());
  if (terminal.ask) terminal.stderr("Its signature was not looked at: see `catalyst token verify`.\n");
  show(terminal, options.output, {
    kind: "DecodedToken",
    items: [item],
    text: () => claimsText(item),
    exit: exitCode.ok,
  });
  terminal.exitWith(exitCode.ok);
}
