import type { Podman } from "./podman.ts";

/** How a connection attempt ended: "open", "timeout", or Node's code such as ECONNREFUSED or ENOTFOUND. */
export type Reached = Readonly<Record<string, string>>;

/** Runs in the container: nothing else there could try a connection. */
const attempt = `
const tries = process.argv.slice(1).map((target) => new Promise((settle) => {
  const [host, port] = target.split(":");
  const socket = require("node:net").connect({ host, port, timeout: 1500 });
  const end = (how) => { socket.destroy(); settle([target, how]); };
  socket.on("connect", () => end("open")).on("timeout", () => end("timeout")).on("error", ({ code }) => end(code));
}));
Promise.all(tries).then((found) => console.log(JSON.stringify(Object.fromEntries(found))));`;

/** Tries to connect to each `host:port` from a container that runs. */
export async function reachFrom(podman: Podman, container: string, targets: readonly string[]): Promise<Reached> {
  return JSON.parse(await podman.run("exec", container, "node", "-e", attempt, ...targets));
}

/** The same from a client: a container of its own on the clients' network. */
export async function reachAsClient(podman: Podman, network: string, targets: readonly string[]): Promise<Reached> {
  const args = ["--rm", "--network", network, "catalyst-node/examples", "-e", attempt, ...targets];
  return JSON.parse(await podman.run("run", ...args));
}
