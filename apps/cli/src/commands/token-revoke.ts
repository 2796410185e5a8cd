import { type Command, InvalidArgumentError } from "commander";
import { type AdminReadOptions, adminReadCommand, answerAdmin } from "../admin-command.ts";
import { confirm, withYes } from "../confirm.ts";
import { exitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";

type RevokeOptions = AdminReadOptions & {
  readonly jti?: string;
  readonly kid?: string;
  readonly issuedBefore?: Date;
  readonly issuer?: string;
  readonly reason?: string;
  readonly yes?: boolean;
};

/** `catalyst token revoke`: kept before it is answered; exit 1 when the gateway has not acknowledged it within 1 s. */
export function tokenRevokeCommand(terminal: Terminal): Command {
  const command = adminReadCommand(
    "revoke",
    "take back a token, all tokens of a key, or all issued before a time; exit 1 when the gateway does not know it yet",
  )
    .option("--jti <text>", "the one token of this jti, as `catalyst token list` shows it")
    .option("--kid <text>", "all that this key ever signed; a key of the node is removed")
    .option("--issued-before <time>", "all whose iat is before: now, 2026-11-24, or 2026-11-24T12:00:00Z", time)
    .option("--issuer <text>", "whose tokens (default: the node's own)")
    .option("--reason <text>", "why, for the audit");
  return withYes(command).action(async (options: RevokeOptions, command: Command) => {
    const { jti, kid, issuedBefore } = options;
    const given = [jti, kid, issuedBefore].filter((each) => each !== undefined);
    if (given.length !== 1) command.error("error: one of --jti, --kid and --issued-before is expected");
    const question = questionOf(options);
    if (question !== undefined && !(await confirm(terminal, options, question))) return;
    await revoke(terminal, options);
  });
}

function questionOf({ kid, issuedBefore, issuer }: RevokeOptions): string | undefined {
  const whose = issuer === undefined ? "of this node" : `of ${issuer}`;
  if (kid !== undefined) return `Every token ${whose} that key ${kid} has signed is refused from now on.`;
  if (issuedBefore === undefined) return undefined;
  return `Every token ${whose} from before ${issuedBefore.toISOString()} is refused from now on.`;
}

async function revoke(terminal: Terminal, options: RevokeOptions): Promise<void> {
  const [{ revocationOf }, { revocationItem, revocationText }] = await Promise.all([
    import("../token/revocation.ts"),
    import("../views/revocation.ts"),
  ]);
  await answerAdmin(terminal, options, async (client) => {
    const answered = await client.revoke({ revocation: revocationOf(options) });
    const item = revocationItem(answered);
    const exit = item.effective ? exitCode.ok : exitCode.failed;
    return { kind: "Revocation", items: [item], text: () => revocationText(item), exit };
  });
}

/** A time that says where it is meant: a local one would be another on the next machine. */
function time(text: string): Date {
  if (text === "now") return new Date();
  const whole = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text);
  const parsed = new Date(whole ? text : Number.NaN);
  if (Number.isNaN(parsed.getTime())) {
    throw new InvalidArgumentError("now, a date, or a time with Z or an offset is expected.");
  }
  return parsed;
}
