import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type ServiceName, serviceNames } from "./compose.ts";
import { timeout, type Tried } from "./tried-node.ts";

const uid = "65532";

/** What an image holds, and what its process may do. */
export function hardening(tried: Tried): void {
  test("an image holds what runs in production: no shell, no test, no tool of development", { timeout }, async () => {
    const list = `for (const { parentPath, name } of fs.readdirSync("/app", { recursive: true, withFileTypes: true }))
      console.log(parentPath + "/" + name)`;
    for (const name of ["gateway", "auth", "orchestrator", "products"] as const) {
      const container = tried().container(name);
      assert.notEqual((await container.exec("/bin/sh", "-c", "true")).code, 0, `${name} has a shell`);
      const { stdout } = await container.exec("node", "-e", list);
      const unwanted =
        /^\/app\/(?!node_modules).*(?:\.test\.ts$|\/testing\/)|node_modules\/(?:typescript|oxlint|knip|fast-check|node)\//;
      assert.deepEqual(
        stdout.split("\n").filter((file) => unwanted.test(file)),
        [],
      );
      const image = await container.inspect("{{.ImageName}}");
      const size = Number(await tried().podman.run("image", "inspect", "--format", "{{.Size}}", image));
      assert.ok(size < 300e6, `${image} has ${size} bytes`);
      tried().figures.push(`${image} has ${Math.round(size / 1e6)} MB`);
    }
  });

  test("every process is user 65532 without a capability or a way to one", { timeout }, async () => {
    for (const name of serviceNames) {
      const status = readFileSync(`/proc/${await tried().container(name).pid()}/status`, "utf8");
      const value = (key: string) => new RegExp(`^${key}:\\s*(.*)$`, "m").exec(status)?.[1]?.split(/\s+/);
      assert.deepEqual(new Set([...(value("Uid") ?? []), ...(value("Gid") ?? [])]), new Set([uid]), name);
      for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) {
        assert.match(value(set)?.[0] ?? "", /^0+$/, `${name} ${set}`);
      }
      assert.deepEqual(value("NoNewPrivs"), ["1"], name);
    }
  });

  test("nothing can be written but the folders that are volumes", { timeout }, async () => {
    const places = [
      "/",
      "/app",
      "/etc",
      "/tmp",
      "/usr/local/bin",
      "/run",
      "/var/lib",
      "/run/catalyst",
      "/run/catalyst-auth",
      "/run/catalyst-signing",
      "/var/lib/catalyst",
    ];
    const script = `console.log(process.argv.slice(1).filter((place) => {
      try { fs.writeFileSync(place + "/written", ""); fs.unlinkSync(place + "/written"); return true; } catch { return false; }
    }).join())`;
    const written = async (name: ServiceName) =>
      (
        await tried()
          .node.container(name)
          .exec("node", "-e", script, ...places)
      ).stdout.trim();
    assert.equal(await written("gateway"), "/run/catalyst");
    assert.equal(await written("orchestrator"), "/run/catalyst,/var/lib/catalyst");
    assert.equal(await written("auth"), "/run/catalyst-auth,/run/catalyst-signing,/var/lib/catalyst");
    assert.equal(await written("products"), "");
  });

  test("memory and the number of processes are bounded", { timeout }, async () => {
    for (const name of serviceNames) {
      const bounds = await tried().container(name).inspect("{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}");
      assert.match(bounds, /^[1-9]\d{7,} [1-9]\d{1,2}$/, name);
    }
  });
}
