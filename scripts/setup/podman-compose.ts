import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const version = "1.6.0";
const kept = join(homedir(), ".cache", "catalyst-tools", `podman-compose-${version}`);

/** Where podman_compose.py lies; Debian's python3-yaml and python3-dotenv are all that it needs. */
export const podmanComposeFolder = fileURLToPath(new URL(`../../.tools/podman-compose-${version}`, import.meta.url));

/** Brings podman-compose from PyPI, once for all checkouts of this machine. */
export function installPodmanCompose(): void {
  try {
    if (!existsSync(join(kept, "podman_compose.py"))) {
      const args = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", kept];
      const options = { timeout: 120_000, env: { ...process.env, PIP_ROOT_USER_ACTION: "ignore" } };
      execFileSync("/usr/bin/python3", [...args, `podman-compose==${version}`], {
        stdio: ["ignore", 2, 2],
        ...options,
      });
    }
    cpSync(kept, podmanComposeFolder, { recursive: true });
  } catch (error) {
    process.stderr.write(`podman-compose: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
