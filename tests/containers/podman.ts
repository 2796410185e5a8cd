import { execFile } from "node:child_process";
import { existsSync, readdirSync, statfsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../support/process.ts";

/** Longest that one call may take, in ms: building an image on a busy machine with an empty cache. */
const patience = 300_000;
/** What images, their layers and containers may take, in bytes. */
const room = 3 * 1024 ** 3;
const prefix = "cat-podman-";

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs a program to its end. */
export function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd, env } = options;
  return new Promise((settle) => {
    const settings = { timeout: patience, maxBuffer: 64 * 1024 * 1024, ...(cwd === undefined ? {} : { cwd }) };
    execFile(program, args, { ...settings, env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      settle({ code, stdout, stderr: error === null || stderr !== "" ? stderr : error.message });
    });
  });
}

type RunOptions = { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> };

/** As {@link runProgram}; rejects with what was said on stderr when it fails. */
export async function mustRun(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")}: exit ${code}\n${stderr.slice(-4_000)}`);
  return stdout.trim();
}

/** Why containers cannot be tried here, or undefined. */
export function whyNoPodman(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root: the networks are the kernel's own";
  return existsSync("/usr/bin/podman") ? undefined : "podman is missing (npm run setup)";
}

/**
 * A podman with a storage, networks and settings of its own: of the machine's nothing is seen and nothing touched.
 * Disposing removes all that it made.
 */
export class Podman implements AsyncDisposable {
  readonly folder: string;
  /** A program that is this podman, for others who call one. */
  readonly program: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.program = join(folder, "podman");
  }

  static async open(): Promise<Podman> {
    await removeLeftOver();
    // A name of up to 50 characters is allowed for the folder of what runs, so it is none below the checkout.
    const podman = new Podman(await mkdtemp(join(roomiest(), `${prefix}${process.pid}-`)));
    await writeSettings(podman.folder);
    await writeFile(podman.program, script(podman.folder));
    await chmod(podman.program, 0o700);
    return podman;
  }

  /** Answers stdout; rejects when it fails. */
  run(...args: readonly string[]): Promise<string> {
    return mustRun(this.program, args);
  }

  try(...args: readonly string[]): Promise<Ended> {
    return runProgram(this.program, args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await remove(this.folder);
  }
}

/** podman syncs every layer: in memory, where there is room, a build takes a third of the time. */
function roomiest(): string {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    return bavail * bsize > room ? "/dev/shm" : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** Of runs that were killed. */
async function removeLeftOver(): Promise<void> {
  for (const place of ["/dev/shm", tmpdir()]) {
    const names = existsSync(place) ? readdirSync(place) : [];
    for (const name of names) {
      const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length).split("-")[0] : Number.NaN);
      if (Number.isInteger(pid) && !isAlive(pid)) await remove(join(place, name));
    }
  }
}

async function remove(folder: string): Promise<void> {
  const program = join(folder, "podman");
  if (existsSync(program)) await mustRun(program, ["system", "reset", "--force"]);
  await rm(folder, { recursive: true, force: true });
}

async function writeSettings(folder: string): Promise<void> {
  // runc, because crun fails on machines with both kinds of cgroups.
  const settings = `
[containers]
default_ulimits = ["nofile=4096:20000", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = "${folder}/tmp"
static_dir = "${folder}/root/libpod"
volume_path = "${folder}/root/volumes"
[network]
network_backend = "netavark"
network_config_dir = "${folder}/networks"
`;
  await writeFile(join(folder, "containers.conf"), settings);
  await writeFile(join(folder, "registries.conf"), 'unqualified-search-registries = ["docker.io"]\n');
}

/** `create` is told to mount nothing writable of its own accord below a read-only root: Docker does not either. */
function script(folder: string): string {
  return `#!/bin/sh
export CONTAINERS_CONF=${folder}/containers.conf CONTAINERS_REGISTRIES_CONF=${folder}/registries.conf
case "$1" in create) shift; set -- create --read-only-tmpfs=false "$@";; esac
exec /usr/bin/podman --root ${folder}/root --runroot ${folder}/run --storage-driver overlay "$@"
`;
}
