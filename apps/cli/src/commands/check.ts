import { setTimeout as pause } from "node:timers/promises";
import { formatProblem } from "@catalyst-node/core/model";
import { type Command, InvalidArgumentError } from "commander";
import { type Category, categories } from "../check/category.ts";
import type { Check } from "../check/checks.ts";
import { durationFlag } from "../duration-flag.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { NodeClient } from "../node-client.ts";
import { type OutputForm, jsonDocument } from "../output.ts";
import { readCommand, refuse } from "../read-command.ts";
import type { Terminal } from "../terminal.ts";

type CheckOptions = {
  readonly api: string;
  readonly output: OutputForm;
  /** In ms. */
  readonly wait?: number;
  readonly only?: readonly Category[];
  readonly short?: boolean;
};

const pauseMs = 250;

/** `catalyst check`: what is wrong, why, and what to do. Exit 0, 1 when something is wrong, 4 when no node answers. */
export function checkCommand(terminal: Terminal): Command {
  return readCommand("check", "look for what is wrong with a node, why, and what to do about it")
    .option(
      "--wait <duration>",
      "look again until nothing is wrong, at most so long (30s, 2m); then exit 124",
      durationFlag,
    )
    .option("--only <category>", `look only at this, may be repeated (${categories.join(", ")})`, category)
    .option("--short", "show only what is wrong")
    .action((options: CheckOptions) => check(terminal, options));
}

async function check(terminal: Terminal, options: CheckOptions): Promise<void> {
  const { connectNode } = await import("../node-client.ts");
  const connected = await connectNode(options.api);
  if (!connected.ok) return refuse(terminal, connected.problems, exitCode.usage);
  using connection = connected.value;
  const until = performance.now() + (options.wait ?? 0);
  let looked = await look(connection.client, options);
  while (looked.exit !== exitCode.ok && performance.now() < until) {
    await pause(pauseMs);
    looked = await look(connection.client, options);
  }
  const { renderChecks } = await import("../check/render.ts");
  const { list } = looked;
  const short = options.short ?? false;
  const style = { wide: options.output === "wide", color: terminal.color ?? false };
  terminal.stdout(
    options.output === "json"
      ? jsonDocument("CheckList", short ? list.filter(({ outcome }) => outcome !== "ok") : list)
      : renderChecks(list, short, style),
  );
  terminal.exitWith(options.wait !== undefined && looked.exit !== exitCode.ok ? exitCode.timeout : looked.exit);
}

type Looked = { readonly list: readonly Check[]; readonly exit: ExitCode };

/** One look. A node that cannot be read is a finding like any other, with the exit code of every command. */
async function look(client: NodeClient, { api, only }: CheckOptions): Promise<Looked> {
  const [{ checks, unreachable }, { readFacts }, { callFailure }] = await Promise.all([
    import("../check/checks.ts"),
    import("../check/facts.ts"),
    import("../node-client.ts"),
  ]);
  try {
    const all = checks(await readFacts(client, api));
    const list = only ? all.filter((check) => only.includes(check.category)) : all;
    return { list, exit: list.some(({ outcome }) => outcome === "error") ? exitCode.failed : exitCode.ok };
  } catch (error) {
    const { problem, exit } = callFailure(error, api);
    return { list: unreachable(formatProblem(problem)), exit };
  }
}

function category(text: string, before: readonly Category[] = []): readonly Category[] {
  const found = categories.find((name) => name === text);
  if (!found) throw new InvalidArgumentError(`It is one of ${categories.join(", ")}.`);
  return [...before, found];
}
