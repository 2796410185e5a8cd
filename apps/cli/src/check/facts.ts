import { askGateway } from "../ask-gateway.ts";
import { type NodeClient, withScheme } from "../node-client.ts";
import { version } from "../version.ts";
import { serviceItem } from "../views/service.ts";
import { type StatusItem, statusItem } from "../views/status.ts";
import type { Facts, Probe } from "./checks.ts";

const probeTimeoutMs = 3_000;

/** Reads all that is judged, at one moment. A failed call throws. */
export async function readFacts(client: NodeClient, api: string): Promise<Facts> {
  const [{ status }, { services }, schema] = await Promise.all([
    client.getStatus({}),
    client.listServices({}),
    client.getSchema({}),
  ]);
  if (!status) throw new Error("the answer holds no status");
  const now = new Date();
  const item = statusItem(status, now);
  return {
    api,
    version,
    status: item,
    services: services.map((service) => serviceItem(service, now)),
    schema: { digest: schema.digest, bytes: Buffer.byteLength(schema.supergraphSdl) },
    probe: await probe(item, api),
  };
}

/** Asks the gateway a query, as a client would; only when it listens on the machine that we run on. */
async function probe({ gateway }: StatusItem, api: string): Promise<Probe> {
  const listener = gateway?.status?.listeners.find(({ name }) => name === "graphql");
  const base = listener && URL.parse(listener.url.replace(/\/\/(?:0\.0\.0\.0|\[::\])(?=:)/, "//127.0.0.1"));
  if (!base) return { kind: "skipped", reason: "The gateway tells no GraphQL listener." };
  if (!isLocal(base.hostname) || !isLocal(URL.parse(withScheme(api))?.hostname ?? "")) {
    return { kind: "skipped", reason: `${base.origin} is not on this machine.` };
  }
  return ask(new URL("/graphql", base).href);
}

function isLocal(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}

async function ask(url: string): Promise<Probe> {
  const start = performance.now();
  try {
    const signal = AbortSignal.timeout(probeTimeoutMs);
    const { status, text } = await askGateway(url, '{"query":"{ __typename }"}', signal);
    const ms = Math.round(performance.now() - start);
    if (status === 200 && text.includes('"__typename"')) return { kind: "answered", url, ms };
    if (status === 401 && text.includes('"UNAUTHENTICATED"')) return { kind: "unauthenticated", url, ms };
    return { kind: "failed", url, reason: `It answered ${status}: ${text.slice(0, 300)}` };
  } catch (error) {
    return { kind: "failed", url, reason: error instanceof Error ? error.message : String(error) };
  }
}
