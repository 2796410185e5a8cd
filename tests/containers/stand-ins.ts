import { chmodSync, cpSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { mustRun, type Podman } from "./podman.ts";

const certificates = "/etc/ssl/certs/ca-certificates.crt";
const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** What the build's own commands need; the official image has all of Debian's. */
const commands = ["sh", "env", "mkdir", "mv", "cp", "chmod", "find", "rm"];

/**
 * Images by the names that the Dockerfile asks for, made of what this machine has: no registry is asked. The one to run
 * on has the libraries that Node needs and certificates, as the official one; the one to build on Node, npm and busybox.
 */
export async function makeStandIns(podman: Podman): Promise<void> {
  const runtime = join(podman.folder, "stand-in-runtime");
  const build = join(podman.folder, "stand-in-build");
  await layRuntime(runtime);
  await layRuntime(build);
  layBuild(build);
  await importImage(podman, runtime, "gcr.io/distroless/cc-debian12", [path]);
  const registry = process.env["npm_config_registry"];
  await importImage(podman, build, "docker.io/library/node:24-bookworm-slim", [
    path,
    `NODE_EXTRA_CA_CERTS=${certificates}`,
    "npm_config_prefer_offline=true",
    "npm_config_update_notifier=false",
    ...(registry === undefined ? [] : [`npm_config_registry=${registry}`]),
  ]);
}

async function layRuntime(root: string): Promise<void> {
  for (const folder of ["etc/ssl/certs", "run", "tmp", "proc", "sys", "dev", "var/lib", "usr/local/bin", "root"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  chmodSync(join(root, "tmp"), 0o1777);
  const libraries = (await mustRun("ldd", [process.execPath])).match(/\/\S+\.so\S*/g) ?? [];
  for (const library of libraries) cpSync(realpathSync(library), join(root, library), { recursive: true });
  cpSync(realpathSync(process.env["NODE_EXTRA_CA_CERTS"] ?? certificates), join(root, certificates));
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/sbin/nologin\n");
}

function layBuild(root: string): void {
  mkdirSync(join(root, "bin"));
  mkdirSync(join(root, "usr/bin"));
  cpSync("/usr/bin/busybox", join(root, "bin/busybox"), { dereference: true });
  for (const name of commands) {
    symlinkSync("busybox", join(root, "bin", name));
    symlinkSync("/bin/busybox", join(root, "usr/bin", name));
  }
  cpSync(process.execPath, join(root, "usr/local/bin/node"));
  cpSync(npmFolder(), join(root, "usr/local/lib/node_modules/npm"), {
    recursive: true,
    filter: (source) => !/\/npm\/(?:docs|man)$/.test(source),
  });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(root, "usr/local/bin/npm"));
}

/** The folder of the npm that belongs to this machine. */
function npmFolder(): string {
  const found = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "npm"));
  const program = [process.env["npm_execpath"] ?? "", ...found].find((file) => file !== "" && existsSync(file));
  if (program === undefined) throw new Error("npm is nowhere on PATH");
  return dirname(dirname(realpathSync(program)));
}

async function importImage(podman: Podman, root: string, name: string, env: readonly string[]): Promise<void> {
  const archive = `${root}.tar`;
  await mustRun("tar", ["-C", root, "-cf", archive, "."]);
  await podman.run("import", ...env.map((line) => `--change=ENV ${line}`), archive, name);
}
