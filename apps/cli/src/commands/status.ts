import { fail, ok } from "@catalyst-node/core/model";
import type { Command } from "commander";
import { exitCode } from "../exit-code.ts";
import { cliProblem } from "../problems.ts";
import { type ReadOptions, answer, readCommand } from "../read-command.ts";
import type { Terminal } from "../terminal.ts";

/** `catalyst status` and `catalyst status gateway`: exit 0 when ready, 1 when the node answers but is not. */
export function statusCommand(terminal: Terminal): Command {
  return readCommand("status", "show whether the node is ready; exit 1 when it is not")
    .option("-w, --watch", "show it again whenever it changes, until Ctrl-C")
    .action((options: ReadOptions) => nodeStatus(terminal, options))
    .addCommand(
      readCommand("gateway", "show the gateway as the orchestrator sees it; exit 1 when it is not ready")
        .option("-w, --watch", "show it again whenever it changes, until Ctrl-C")
        .action((_, command: Command) => gatewayStatus(terminal, command.optsWithGlobals<ReadOptions>())),
    );
}

async function nodeStatus(terminal: Terminal, options: ReadOptions): Promise<void> {
  const { statusItem, statusText } = await import("../views/status.ts");
  await answer(terminal, options, async (client) => {
    const { status } = await client.getStatus({});
    if (!status) return fail(cliProblem("CAT-CLI-002", options.api, "The answer holds no status."));
    const item = statusItem(status, new Date());
    return ok({
      kind: "NodeStatus",
      items: [item],
      text: (style) => statusText(item, style),
      exit: item.ready ? exitCode.ok : exitCode.failed,
    });
  });
}

async function gatewayStatus(terminal: Terminal, options: ReadOptions): Promise<void> {
  const { gatewayDetail, gatewayItem } = await import("../views/gateway.ts");
  await answer(terminal, options, async (client) => {
    const { gateway } = await client.getGateway({});
    if (!gateway) return fail(cliProblem("CAT-CLI-002", options.api, "The answer holds no gateway."));
    const item = gatewayItem(gateway, new Date());
    const ready = item.connection === "connected" && item.status?.state === "ready";
    return ok({
      kind: "GatewayStatus",
      items: [item],
      text: () => gatewayDetail(item),
      exit: ready ? exitCode.ok : exitCode.failed,
    });
  });
}
