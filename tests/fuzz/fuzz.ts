import { once } from "node:events";
import { createServer } from "node:http";
import { Agent, type Dispatcher, request } from "undici";
import { acme, Gateway } from "../../apps/gateway/src/testing/gateway.ts";
import { books, desired, stars } from "../../apps/gateway/src/testing/subgraphs.ts";
import { Random } from "../oracle/random.ts";
import { randomAnswer, randomBytes, randomQuery, randomTokens } from "./texts.ts";

/** No answer within this many milliseconds is a hang: a plan has 1 s, a service 5 s, a request 15 s. */
const hangMs = 20_000;

export type FuzzOutcome = {
  readonly cases: number;
  /** Status -> how many. */
  readonly statuses: ReadonlyMap<number, number>;
  /** `seed/number` of each case that crashed, hung or was answered 500, and how. */
  readonly failures: readonly string[];
  readonly slowestMs: number;
};

/**
 * Asks a real gateway nonsense, and lets the services behind it answer nonsense. Half of the cases are queries of random
 * bytes and words to a gateway whose services are honest; half are honest queries whose services answer at random.
 */
export async function fuzz(seed: string, cases: number, concurrency = 8): Promise<FuzzOutcome> {
  await using stack = new AsyncDisposableStack();
  const honest = await Promise.all([books("dune"), stars()]);
  for (const service of honest) stack.use(service);
  const random = new Random(`${seed} answers`);
  const liar = createServer((asked, response) => {
    asked.resume();
    asked.on("end", () => {
      const type = random.chance(0.9)
        ? "application/json"
        : random.pick(["text/html", "application/graphql-response+json", ""]);
      response.writeHead(
        random.pick([200, 200, 200, 200, 400, 500, 503, 301]),
        type === "" ? {} : { "content-type": type },
      );
      response.end(randomAnswer(random));
    });
  }).listen(0, "127.0.0.1");
  await once(liar, "listening");
  stack.defer(() => {
    liar.closeAllConnections();
    liar.close();
  });
  const address = liar.address();
  if (typeof address !== "object" || address === null) throw new Error("the liar listens");
  const lying = honest.map(({ name, sdl }) => ({ name, sdl, url: `http://127.0.0.1:${address.port}/graphql` }));
  const gateways = await Promise.all(
    [honest, lying].map(async (services) => {
      const gateway = stack.use(await Gateway.start());
      await gateway.configure({ identity: { ...acme, digest: "1" }, ...desired(services) });
      return gateway;
    }),
  );
  const agent = new Agent({ connections: concurrency, headersTimeout: hangMs, bodyTimeout: hangMs });
  stack.defer(() => agent.destroy());

  const statuses = new Map<number, number>();
  const failures: string[] = [];
  let next = 0;
  let slowestMs = 0;
  const work = async (): Promise<void> => {
    for (let number = next++; number < cases && failures.length < 20; number = next++) {
      const id = `${seed}/${number}`;
      const gateway = gateways[number % 2];
      if (gateway === undefined) return;
      const started = performance.now();
      try {
        const body = number % 2 === 0 ? nonsense(new Random(id)) : sensible(new Random(id), number);
        const { statusCode, body: answer } = await request(gateway.graphql, { ...body, dispatcher: agent });
        const text = await answer.text();
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
        if (statusCode === 500) failures.push(`${id}: 500 ${text.slice(0, 200)}`);
        else if (text.length > 0) JSON.parse(text);
      } catch (error) {
        failures.push(`${id}: ${String(error)}`);
      }
      slowestMs = Math.max(slowestMs, performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  for (const gateway of gateways) {
    const live = await gateway.probe("/livez");
    if (live.status !== 200) failures.push(`a gateway is not live any more: ${live.status}`);
  }
  return { cases, statuses, failures, slowestMs };
}

type Asked = {
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Record<string, string>;
  readonly body: Buffer | string;
};

const json = { "content-type": "application/json", accept: "application/graphql-response+json, application/json" };

/** Nonsense in the place of the body, of the query, or of its variables. */
function nonsense(random: Random): Asked {
  const kind = random.below(10);
  if (kind === 0) return { method: "POST", headers: json, body: randomBytes(random, 300) };
  if (kind === 1) return { method: "POST", headers: json, body: randomTokens(random) };
  const query = kind === 2 ? randomBytes(random, 200).toString("latin1") : randomQuery(random);
  const variables = random.chance(0.5)
    ? { v: random.pick<unknown>([true, null, "x", 1, [true], {}]), __proto__: 1 }
    : undefined;
  return { method: "POST", headers: json, body: JSON.stringify({ query, variables }) };
}

const queries = [
  "{ dune }",
  "{ book { stars } }",
  "{ book { duneTitle stars } dune }",
  "{ a: book { __typename id stars } book { ... on Book { s: stars } } }",
  "mutation { setdune }",
];

/** An honest query; some are new to the gateway, so that it plans too. */
function sensible(random: Random, number: number): Asked {
  const query = random.pick(queries);
  const text = random.chance(0.05) ? query.replace("dune", `n${number}: dune`) : query;
  return { method: "POST", headers: json, body: JSON.stringify({ query: text }) };
}
