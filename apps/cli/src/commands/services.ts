import { resolve } from "node:path";
import { fail, ok } from "@catalyst-node/core/model";
import { type Command, Option } from "commander";
import { exitCode } from "../exit-code.ts";
import { cliProblem } from "../problems.ts";
import { type ReadOptions, answer, readCommand, refuse } from "../read-command.ts";
import { renderTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

type ServicesOptions = ReadOptions & { readonly refresh?: boolean; readonly stateDir: string };

/** `catalyst services [NAME]`: what the node publishes, and why something is not served. */
export function servicesCommand(terminal: Terminal): Command {
  return readCommand("services", "list the node's services, or show one in detail")
    .argument("[name]", "show only this service, in detail")
    .option("-w, --watch", "show the list again whenever it changes, until Ctrl-C")
    .option("--refresh", "have the node fetch the schemas now, then show what came of it")
    .addOption(
      new Option("--state-dir <path>", "the node's state folder, whose admin.sock --refresh uses").default(".catalyst"),
    )
    .action(async (name: string | undefined, options: ServicesOptions) => {
      if (options.refresh && !(await refresh(terminal, options.stateDir, name))) return;
      await listServices(terminal, options, name);
    });
}

async function listServices(terminal: Terminal, options: ServicesOptions, name: string | undefined): Promise<void> {
  const { serviceColumns, serviceDetail, serviceItem } = await import("../views/service.ts");
  await answer(terminal, options, async (client) => {
    const all = (await client.listServices({})).services.map((service) => serviceItem(service, new Date()));
    const items = name === undefined ? all : all.filter((item) => item.name === name || item.key === name);
    if (name !== undefined && items.length === 0)
      return fail(
        unknownName(
          name,
          all.map((item) => item.name),
        ),
      );
    return ok({
      kind: "ServiceList",
      items,
      text: (style) =>
        name === undefined ? renderTable(serviceColumns, items, style) : items.map(serviceDetail).join("\n"),
      exit: exitCode.ok,
    });
  });
}

function unknownName(name: string, names: readonly string[]) {
  const there = names.length === 0 ? "The node has no services." : `There are: ${names.join(", ")}.`;
  return cliProblem("CAT-CLI-003", name, `No such service. ${there}`);
}

async function refresh(terminal: Terminal, stateDir: string, name: string | undefined): Promise<boolean> {
  const { callFailure, connectAdmin } = await import("../node-client.ts");
  const socket = resolve(terminal.cwd, stateDir, "admin.sock");
  const connected = await connectAdmin(socket);
  if (!connected.ok) {
    refuse(terminal, connected.problems, exitCode.usage);
    return false;
  }
  using connection = connected.value;
  try {
    await connection.client.refreshServices({ names: name === undefined ? [] : [name] });
    return true;
  } catch (error) {
    const { problem, exit } = callFailure(error, socket);
    refuse(terminal, [problem], exit);
    return false;
  }
}
