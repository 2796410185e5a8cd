import { cp, mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { ownHost } from "../support/own-host.ts";
import { root } from "../support/tree.ts";
import { podmanComposeFolder } from "../../scripts/setup/podman-compose.ts";
import { mustRun, type Podman } from "./podman.ts";

const context = ["package.json", "package-lock.json", ".npmrc", ".dockerignore", "compose.yaml", "bench/package.json"];
const project = "node";

export const serviceNames = ["gateway", "auth", "orchestrator", "products", "reviews", "inventory"] as const;
export type ServiceName = (typeof serviceNames)[number];

/** compose.yaml as it stands, by podman-compose. */
export class Composed {
  readonly #podman: Podman;
  readonly #folder: string;
  readonly #port: number;

  private constructor(podman: Podman, folder: string, port: number) {
    this.#podman = podman;
    this.#folder = folder;
    this.#port = port;
  }

  /** Of a copy of what is built from: the checkout may be worked on meanwhile. */
  static async prepare(podman: Podman): Promise<Composed> {
    const folder = join(podman.folder, "context");
    await mkdir(join(folder, "bench"), { recursive: true });
    for (const name of [...context, "core", "adapters", "apps", "examples", "containers"]) {
      await cp(join(root, name), join(folder, name), {
        recursive: true,
        filter: (source) => !/\/(?:node_modules|\.catalyst)$/.test(source),
      });
    }
    return new Composed(podman, folder, await freePort());
  }

  /** What clients of this machine ask. */
  get url(): string {
    return `http://${ownHost}:${this.#port}`;
  }

  /** The gateway's first, so that the others find what it has built. */
  async build(): Promise<void> {
    const cache = process.env["npm_config_cache"] ?? join(homedir(), ".npm");
    await mkdir(cache, { recursive: true });
    // The machine's network and npm cache are for `npm ci` in the build, on machines whose registry is not the world's.
    const args = `--pull=never --format docker --network host --volume ${cache}:/root/.npm`;
    const build = (name: ServiceName) => this.compose("--podman-build-args", args, "build", name);
    await build("gateway");
    await Promise.all([build("auth"), build("orchestrator"), build("products")]);
  }

  compose(...args: readonly string[]): Promise<string> {
    const script = join(podmanComposeFolder, "podman_compose.py");
    const own = ["--podman-path", this.#podman.program, "-f", "compose.yaml", "-p", project];
    return mustRun("/usr/bin/python3", [script, ...own, ...args], {
      cwd: this.#folder,
      env: { PYTHONPATH: podmanComposeFolder, CATALYST_PUBLISH: `${ownHost}:${this.#port}` },
    });
  }

  /** The last lines that each container has written, to see why something failed. */
  async logs(): Promise<string> {
    const written = serviceNames.map(async (name) => {
      const { stdout, stderr } = await this.#podman.try("logs", "--tail", "10", this.container(name).name);
      return `${name}:\n${stdout}${stderr}`;
    });
    return (await Promise.all(written)).join("\n");
  }

  container(name: ServiceName): Container {
    return new Container(this.#podman, `${project}_${name}_1`);
  }

  network(name: string): string {
    return `${project}_${name}`;
  }
}

/** One container, seen from outside. */
export class Container {
  readonly #podman: Podman;
  readonly name: string;

  constructor(podman: Podman, name: string) {
    this.#podman = podman;
    this.name = name;
  }

  inspect(template: string): Promise<string> {
    return this.#podman.run("inspect", "--format", template, this.name);
  }

  /** The id of its first process, in this machine's count. */
  async pid(): Promise<number> {
    return Number(await this.inspect("{{.State.Pid}}"));
  }

  address(network: string): Promise<string> {
    return this.inspect(`{{(index .NetworkSettings.Networks "${network}").IPAddress}}`);
  }

  exec(...command: readonly string[]): ReturnType<Podman["try"]> {
    return this.#podman.try("exec", this.name, ...command);
  }

  /** Runs its HEALTHCHECK; whether it passed. An engine with systemd or a daemon does so by itself. */
  async isHealthy(): Promise<boolean> {
    return (await this.#podman.try("healthcheck", "run", this.name)).code === 0;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, ownHost);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
