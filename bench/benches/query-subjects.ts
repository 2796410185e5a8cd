import { gatewayNodeFlags } from "../../apps/orchestrator/src/gateway-command.ts";
import { desired } from "../../apps/gateway/src/testing/subgraphs.ts";
import { acme, Gateway } from "../../apps/gateway/src/testing/gateway.ts";
import { Running } from "../../tests/support/process.ts";
import { schemas, serviceSdl } from "../shop/schema.ts";

/** Who answers: how its process is started, and what it can be asked. */
export type Subject = {
  readonly name: string;
  /** Resolves when it can be asked. */
  readonly start: (shop: Shop) => Promise<Started>;
  /** `typename` is the bare `{ __typename }`, `fan-out` what only that process understands: nothing there is compared. */
  readonly asks: "shop" | "typename" | "fan-out";
  /** By question: how many times our CPU it is to need, at least. */
  readonly aims?: Readonly<Record<string, number>>;
};
export type Started = AsyncDisposable & { readonly url: string; readonly pid: number };

const production = { NODE_ENV: "production" };
const peer = (name: string, file: string, env: Readonly<Record<string, string>> = {}): Subject => ({
  name,
  asks: "shop",
  start: ({ supergraph }) => running(`bench/peers/${file}`, { ...env, BENCH_SUPERGRAPH: supergraph }),
});

export const ours = "catalyst";
export const subjects: readonly Subject[] = [
  { name: ours, asks: "shop", start: startOurs([]) },
  { name: "catalyst, 2 workers", asks: "shop", start: startOurs(["--workers", "2"]) },
  { ...peer("hive", "hive.ts"), aims: { small: 2, large: 2 } },
  peer("hive, deduplicating", "hive.ts", { BENCH_DEDUPLICATE: "1" }),
  { ...peer("apollo", "apollo.ts"), aims: { small: 8, large: 6 } },
  peer("yoga + federation", "stitching.ts"),
  { name: "bare fan-out", asks: "fan-out", start: startFanOut },
  { name: "bare yoga", asks: "typename", start: () => running("bench/processes/yoga.ts", {}) },
  {
    name: "bare proxy",
    asks: "shop",
    start: ({ services }) =>
      running("bench/processes/proxy.ts", { BENCH_TARGET: services.get("whole")?.graphql ?? "" }),
  },
];

function startFanOut({ services }: Shop): Promise<Started> {
  const urls = Object.fromEntries([...services].map(([name, { graphql }]) => [name, graphql]));
  return running("bench/processes/fan-out.ts", { BENCH_SERVICES: JSON.stringify(urls) });
}

async function running(file: string, env: Readonly<Record<string, string>>): Promise<Started> {
  const process = await Running.file(file, [], { env: { ...production, ...env } });
  const { graphql: url, pid } = process;
  return { url, pid, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() };
}

/** With these flags besides; `env` is for what measures inside. */
export function startOurs(flags: readonly string[], env: Readonly<Record<string, string>> = {}): Subject["start"] {
  return async ({ sections }) => {
    await using stack = new AsyncDisposableStack();
    const gateway = stack.use(
      await Gateway.start(["--log-level", "warn", ...flags], {
        env: { ...production, ...env },
        nodeFlags: gatewayNodeFlags,
      }),
    );
    const { outcomes } = await gateway.configure({ identity: acme, ...sections });
    if (outcomes["schema"] !== "applied") throw new Error(`not configured: ${JSON.stringify(outcomes)}`);
    const owned = stack.move();
    const { pid } = gateway.running;
    return { url: gateway.graphql, pid, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  };
}

/** The services, each a process, with what a gateway needs to know of them. */
export type Shop = {
  readonly services: ReadonlyMap<string, Running>;
  readonly supergraph: string;
  readonly sections: ReturnType<typeof desired>;
};

export async function openShop(stack: AsyncDisposableStack): Promise<Shop> {
  const services = new Map<string, Running>();
  for (const name of Object.keys(schemas)) {
    services.set(
      name,
      stack.use(await Running.file("bench/processes/shop.ts", [], { env: { ...production, BENCH_SERVICE: name } })),
    );
  }
  const sections = desired(
    Object.entries(serviceSdl).map(([name, sdl]) => ({ name, sdl, url: services.get(name)?.graphql ?? "" })),
  );
  return { services, sections, supergraph: sections.schema.supergraphSdl };
}
