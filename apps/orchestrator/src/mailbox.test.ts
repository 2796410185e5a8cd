import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { loadConfig } from "@catalyst-node/core/config";
import type { Effect } from "@catalyst-node/core/node";
import { Mailbox } from "./mailbox.ts";

const problem = { code: "CAT-RPC-010", path: "", message: "away" } as const;
const self = { instanceId: "i", version: "0.1.0", pid: 1, startedAt: 0 };
const file = { name: "catalyst.json", text: JSON.stringify({ organization: "acme", node: "west" }) };
const loaded = loadConfig({ env: {}, flags: [], file });
assert.ok(loaded.ok);
const { config } = loaded.value;

test("an event that an effect posts at once is taken after the one that caused it, never within it", () => {
  const performed: Effect["kind"][] = [];
  const mailbox: Mailbox = new Mailbox((effect) => {
    performed.push(effect.kind);
    if (effect.kind === "startSidecar") mailbox.post({ kind: "stopRequested" });
  });
  mailbox.post({ kind: "configured", config, self, learned: { epoch: 0, services: [] } });
  assert.ok(performed.indexOf("startTimer") < performed.indexOf("stopSidecar"), performed.join());
});

test("whoever waits is woken by a change, and what the node knows is gone with its end", async () => {
  const mailbox = new Mailbox(() => undefined);
  const name = (): string | undefined => mailbox.node?.config.node;
  assert.equal(name(), undefined);
  const changed = mailbox.changes.next(new AbortController().signal);
  mailbox.post({ kind: "configured", config, self, learned: { epoch: 0, services: [] } });
  await changed;
  assert.equal(name(), "west");
  mailbox.post({ kind: "gatewayLost", problem });
  mailbox.post({ kind: "stopRequested" });
  mailbox.post({ kind: "sidecarStopped", sidecar: "gateway" });
  assert.equal(name(), undefined);
});

test("a fault of ours ends the process, however the one who posted would take it", async () => {
  const script = `
    import { Mailbox } from ${JSON.stringify(import.meta.resolve("./mailbox.ts"))};
    const mailbox = new Mailbox(() => { throw new Error("an effect that cannot be performed"); });
    const event = ${JSON.stringify({ kind: "configured", config, self, learned: { epoch: 0, services: [] } })};
    try { mailbox.post(event); } catch { console.log("swallowed"); }
    setTimeout(() => console.log("lived on"), 1_000);`;
  const run = promisify(execFile)(process.execPath, ["--input-type=module-typescript", "-e", script], {
    timeout: 20_000,
  });
  await assert.rejects(run, ({ code, stdout, stderr }) => {
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.match(stderr, /an effect that cannot be performed/);
    return true;
  });
});
