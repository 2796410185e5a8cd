import assert from "node:assert/strict";
import { eventually } from "../support/process.ts";
import type { Podman } from "./podman.ts";
import { every } from "./tried-node.ts";

/** Runs the orchestrator's image by itself, by flags alone and for a user without a name, until it serves, and ends it. */
export async function tryWholeNode(podman: Podman, network: string): Promise<void> {
  const flags = [
    "--organization",
    "acme",
    "--node",
    "solo",
    "--service",
    "name=products,url=http://products:4000/graphql",
  ];
  const engine = ["--name", "solo", "--network", network, "--volume", "solo:/var/lib/catalyst"];
  const hardened = ["--read-only", "--read-only-tmpfs=false", "--cap-drop=ALL", "--passwd=false"];
  await podman.run("run", "--detach", ...engine, ...hardened, "catalyst-node/orchestrator", "run", ...flags);
  const check = ["exec", "solo", "node", "/app/containers/healthy.js", "http://127.0.0.1:4000/readyz"];
  await eventually(
    async () => (await podman.try(...check)).code,
    (code) => code === 0,
    { every },
  );
  await podman.run("stop", "--time", "15", "solo");
  assert.equal(await podman.run("inspect", "--format", "{{.State.ExitCode}}", "solo"), "0");
  await podman.run("rm", "--volumes", "solo");
}
