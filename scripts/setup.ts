/**
 * Brings what the tests need beyond npm. Idempotent, and quick when everything is there. A tool is
 * taken from the machine, else from Debian's packages where this runs as root, else it is named as
 * missing: its tests are then skipped on a person's machine and fail in CI.
 */
import { execFileSync, type ExecFileSyncOptions } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { authGoBinary, installAuthGo } from "./setup/auth-go.ts";
import { installPodmanCompose, podmanComposeFolder } from "./setup/podman-compose.ts";

type Tool = {
  readonly name: string;
  /** Any one of these makes the tool present. */
  readonly paths: readonly string[];
  /** Debian packages that bring it. */
  readonly packages: readonly string[];
  /** Brings it when no package does; after the packages. */
  readonly install?: () => void;
  readonly usedFor: string;
};

const bin = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url));

const tools: readonly Tool[] = [
  { name: "buf", paths: [`${bin}buf`], packages: [], usedFor: "contracts, and the RPC tests without our code" },
  {
    name: "chromium",
    paths: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
    packages: ["chromium"],
    usedFor: "GraphiQL in a real browser",
  },
  {
    name: "auth-go",
    paths: [authGoBinary],
    packages: [],
    install: installAuthGo,
    usedFor: "the contract of auth, and a node with an auth in Go; needs Go 1.26",
  },
  ...(process.platform === "linux" ? containerTools() : []),
];

/** Containers are tried on Linux alone, and by root. */
function containerTools(): readonly Tool[] {
  const usedFor = "building and running the containers";
  const debian: readonly (readonly [name: string, path: string])[] = [
    ["podman", "/usr/bin/podman"],
    ["buildah", "/usr/bin/buildah"],
    ["conmon", "/usr/bin/conmon"],
    ["runc", "/usr/sbin/runc"],
    ["netavark", "/usr/lib/podman/netavark"],
    ["aardvark-dns", "/usr/lib/podman/aardvark-dns"],
    ["iptables", "/usr/sbin/iptables"],
    ["busybox-static", "/usr/bin/busybox"],
    ["python3-yaml", "/usr/lib/python3/dist-packages/yaml/__init__.py"],
    ["python3-dotenv", "/usr/lib/python3/dist-packages/dotenv/__init__.py"],
    ["python3-pip", "/usr/lib/python3/dist-packages/pip/__init__.py"],
  ];
  return [
    ...debian.map(([name, path]) => ({ name, paths: [path], packages: [name], usedFor })),
    {
      name: "podman-compose",
      paths: [join(podmanComposeFolder, "podman_compose.py")],
      packages: [],
      install: installPodmanCompose,
      usedFor,
    },
  ];
}

/** Installs what it can; answers what is still missing, in words. */
export async function setup(): Promise<readonly string[]> {
  const absent = tools.filter((tool) => !isPresent(tool));
  const packages = absent.flatMap((tool) => tool.packages);
  if (packages.length > 0 && process.getuid?.() === 0) installDebian(packages);
  for (const { install } of absent) install?.();
  return absent
    .filter((tool) => !isPresent(tool))
    .map(({ name, packages, install, usedFor }) => {
      const brought = install === undefined ? "npm ci" : "npm run setup";
      const how = packages.length > 0 ? `apt-get install ${packages.join(" ")}` : brought;
      return `${name} (${usedFor}): ${how}`;
    });
}

function isPresent({ paths }: Tool): boolean {
  return paths.some((path) => existsSync(path));
}

function installDebian(packages: readonly string[]): void {
  const options: ExecFileSyncOptions = { stdio: ["ignore", "ignore", "inherit"], timeout: 600_000 };
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  process.stderr.write(`installing ${packages.join(" ")}\n`);
  try {
    execFileSync("apt-get", ["update", "-q"], { ...options, env });
    execFileSync("apt-get", ["install", "-qq", "--no-install-recommends", ...packages], { ...options, env });
  } catch (error) {
    process.stderr.write(`apt-get: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

if (import.meta.main) {
  const missing = await setup();
  for (const need of missing) process.stderr.write(`missing: ${need}\n`);
  process.exitCode = missing.length > 0 ? 1 : 0;
}
