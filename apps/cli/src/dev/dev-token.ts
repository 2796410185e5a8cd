import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ConnectError } from "@catalyst-node/adapters/rpc";
import type { NodeConfig } from "@catalyst-node/core/config";
import { nodeId } from "@catalyst-node/core/model";
import { type AdminClient, connectAdmin } from "../node-client.ts";
import { issueServiceToken } from "../token/issue.ts";

const everyMs = 20;
/** How long auth may take to sign, in ms; without it the node is introduced all the same. */
const patienceMs = 20_000;
/** In ms: longer than anybody looks at what `catalyst dev` printed. */
const life = 3_600_000;

/** A service token for the line that is printed, for this node; undefined when there is none in time. */
export async function devToken(config: NodeConfig, stop: AbortSignal): Promise<string | undefined> {
  const connected = await connectAdmin(resolve(config.stateDir, "admin.sock"));
  if (!connected.ok) return undefined;
  using connection = connected.value;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(patienceMs)]);
  while (!signal.aborted) {
    const token = await issue(connection.client, nodeId(config));
    if (token !== undefined) return token;
    await pause(everyMs, undefined, { signal }).catch(() => {});
  }
  return undefined;
}

async function issue(client: AdminClient, audience: string): Promise<string | undefined> {
  try {
    return (await issueServiceToken(client, { subject: "developer", audience, name: "catalyst dev" }, life)).token;
  } catch (error) {
    // Auth starts beside the gateway, and may not answer yet.
    if (error instanceof ConnectError) return undefined;
    throw error;
  }
}
