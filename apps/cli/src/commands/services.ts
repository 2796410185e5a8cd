import { fail, ok } from "@catalyst-node/core/model";
import type { Command } from "commander";
import { type AdminOptions, askAdmin, withStateDir } from "../admin-command.ts";
import { exitCode } from "../exit-code.ts";
import { cliProblem } from "../problems.ts";
import { type ReadOptions, answer, readCommand } from "../read-command.ts";
import { renderTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

type ServicesOptions = ReadOptions & AdminOptions & { readonly refresh?: boolean };

/** `catalyst services [NAME]`: what the node publishes, and why something is not served. */
export function servicesCommand(terminal: Terminal): Command {
  const command = readCommand("services", "list the node's services, or show one in detail")
    .argument("[name]", "show only this service, in detail")
    .option("-w, --watch", "show the list again whenever it changes, until Ctrl-C")
    .option("--refresh", "have the node fetch the schemas now, then show what came of it");
  return withStateDir(command).action(async (name: string | undefined, options: ServicesOptions) => {
    if (options.refresh && !(await refresh(terminal, options, name))) return;
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

async function refresh(terminal: Terminal, options: AdminOptions, name: string | undefined): Promise<boolean> {
  const names = name === undefined ? [] : [name];
  return (await askAdmin(terminal, options, (client) => client.refreshServices({ names }))) !== undefined;
}
