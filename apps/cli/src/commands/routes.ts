import { fail, ok } from "@catalyst-node/core/model";
import type { Command } from "commander";
import { exitCode } from "../exit-code.ts";
import { cliProblem } from "../problems.ts";
import { type ReadOptions, answer, readCommand } from "../read-command.ts";
import { renderTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** `catalyst routes [NAME]`: what is reached where, and why an offer is not used. */
export function routesCommand(terminal: Terminal): Command {
  return readCommand("routes", "list the node's routes, or show one in detail")
    .argument("[name]", "show only this route (organization/node/service, or the service alone), in detail")
    .option("-w, --watch", "show the list again whenever it changes, until Ctrl-C")
    .action((name: string | undefined, options: ReadOptions) => listRoutes(terminal, options, name));
}

async function listRoutes(terminal: Terminal, options: ReadOptions, name: string | undefined): Promise<void> {
  const { routeColumns, routeDetail, routeItem } = await import("../views/route.ts");
  await answer(terminal, options, async (client) => {
    const all = (await client.listRoutes({})).routes.map(routeItem);
    const items = name === undefined ? all : all.filter(({ key }) => key === name || key.endsWith(`/${name}`));
    if (name !== undefined && items.length === 0) {
      const there =
        all.length === 0 ? "The node has no routes." : `There are: ${all.map(({ key }) => key).join(", ")}.`;
      return fail(cliProblem("CAT-CLI-003", name, `No such route. ${there}`));
    }
    return ok({
      kind: "RouteList",
      items,
      text: (style) =>
        name === undefined ? renderTable(routeColumns, items, style) : items.map(routeDetail).join("\n"),
      exit: exitCode.ok,
    });
  });
}
