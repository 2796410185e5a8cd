import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { decodeProtectedHeader } from "jose";
import type { Composed, ServiceName } from "./compose.ts";
import { listening } from "./listening.ts";
import type { Podman } from "./podman.ts";

/** A token as an operator gets one: by the command line, in the orchestrator's container. Empty when there is none. */
export async function mint(node: Composed, ...flags: readonly string[]): Promise<string> {
  const command = ["catalyst", "service-token", "--subject", "tests", ...flags];
  return (await node.container("orchestrator").exec(...command)).stdout.trim();
}

/** The key that has signed a token. */
export function kidOf(token: string): unknown {
  return decodeProtectedHeader(token).kid;
}

/** auth has no network, and each of its callers one socket of it and none of its keys. */
export async function assertAuthApart(node: Composed): Promise<void> {
  const pid = await node.container("auth").pid();
  assert.deepEqual(listening(pid), ["127.0.0.1:4300"]);
  const interfaces = readFileSync(`/proc/${pid}/net/dev`, "utf8").match(/^\s*\w+(?=:)/gm) ?? [];
  assert.deepEqual(
    interfaces.map((name) => name.trim()),
    ["lo"],
  );
  const list = `console.log(process.argv.slice(1).flatMap((place) => fs.readdirSync(place)).join())`;
  const seen = async (name: ServiceName, ...places: readonly string[]) =>
    (await node.container(name).exec("node", "-e", list, ...places)).stdout.trim();
  const sockets = ["/run/catalyst-auth", "/run/catalyst-signing"];
  assert.equal(await seen("auth", ...sockets), "orchestrator.sock,gateway.sock");
  assert.equal(await seen("orchestrator", ...sockets), "orchestrator.sock");
  assert.equal(await seen("gateway", ...sockets, "/var/lib/catalyst"), "gateway.sock");
  assert.doesNotMatch(await seen("orchestrator", "/var/lib/catalyst"), /\bauth\b/);
}

/** Nothing that looks like a token. */
export async function assertNoTokenLogged(
  podman: Podman,
  node: Composed,
  names: readonly ServiceName[],
): Promise<void> {
  for (const name of names) {
    const { stdout, stderr } = await podman.try("logs", node.container(name).name);
    assert.doesNotMatch(stdout + stderr, /eyJ[\w-]{20}/, name);
  }
}
