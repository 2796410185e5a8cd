import { ownHost } from "./own-host.ts";
import { Running, type StartOptions, catalyst, eventually } from "./process.ts";

/** Every port by the system's choice, so that any number of nodes run side by side. */
const anyPorts = ["--api-listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"] as const;

export type NodeOptions = StartOptions & {
  readonly stateDir: string;
  /** Name -> URL, or whatever the value of `--service` may be. */
  readonly services?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
};

/** `catalyst run` for acme/west, all by flags. */
export async function runNode({ stateDir, services = {}, flags = [], ...options }: NodeOptions): Promise<Running> {
  return Running.catalyst(["run", ...nodeFlags({ stateDir, services, flags })], options);
}

export function nodeFlags({ stateDir, services = {}, flags = [] }: NodeOptions): readonly string[] {
  return [
    "--organization",
    "acme",
    "--node",
    "west",
    "--state-dir",
    stateDir,
    ...anyPorts,
    ...Object.entries(services).flatMap(([name, url]) => ["--service", `name=${name},url=${url}`]),
    ...flags,
  ];
}

/** One example service as a process of its own; `listen` is where another was before. */
export async function example(
  name: "products" | "reviews" | "inventory",
  listen: string = `${ownHost}:0`,
): Promise<Running> {
  return Running.file(`examples/${name}/src/main.ts`, ["--listen", listen]);
}

export type ServiceItem = {
  readonly name: string;
  readonly state: string;
  readonly problems: readonly { readonly code: string; readonly message: string }[];
};

/** What `catalyst services -o json` shows. */
export async function services(node: Running): Promise<readonly ServiceItem[]> {
  return itemsOf(await catalyst(["services", "--api", node.url("api"), "-o", "json"])) as readonly ServiceItem[];
}

/** Waits until `catalyst services` shows this service in this state, and answers it. */
export async function untilService(node: Running, name: string, state: string): Promise<ServiceItem> {
  const found = await eventually(
    async () => (await services(node)).find((service) => service.name === name),
    (service) => service?.state === state,
    { every: 200 },
  );
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

/** The gateway as the orchestrator sees it. */
export async function gatewayOf(node: Running): Promise<Readonly<Record<string, unknown>>> {
  const [item] = itemsOf(await catalyst(["status", "gateway", "--api", node.url("api"), "-o", "json"]));
  if (item === undefined) throw new Error("no gateway");
  return item;
}

function itemsOf({
  code,
  stdout,
  stderr,
}: Awaited<ReturnType<typeof catalyst>>): readonly Readonly<Record<string, unknown>>[] {
  if (code !== 0 && code !== 1) throw new Error(`exit ${code}: ${stderr}`);
  const { items } = JSON.parse(stdout) as { readonly items: readonly Readonly<Record<string, unknown>>[] };
  return items;
}
