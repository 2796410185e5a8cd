/**
 * Clients that ask without a pause, each on a connection of its own with an Authorization of its own, in a process of
 * its own. An answer of another status or length than that of the compared one ends everything.
 */
import { text } from "node:stream/consumers";
import { Client, type Dispatcher } from "undici";
import { quantile } from "../measure/statistics.ts";

/** What to ask, told by stdin; `bytes` is what the answer to each body measures. */
export type LoadJob = {
  readonly url: string;
  /** Where the same is served, too: the clients are spread evenly over all. */
  readonly also?: readonly string[];
  readonly bodies: readonly string[];
  readonly bytes: readonly number[];
  readonly connections: number;
  readonly milliseconds: number;
  /** Whose certificates to trust, and whether to speak HTTP/2. */
  readonly tls?: { readonly ca: string; readonly http2: boolean };
  /** A new connection for each request, with a whole handshake. */
  readonly connectEach?: boolean;
  /** Each client shows one of these all the time; without any, what is no token. */
  readonly tokens?: readonly string[];
  /** Each request shows another one, and the load ends with the last. */
  readonly tokensOnce?: boolean;
};
/** What came of it; times in ms. */
export type LoadResult = {
  readonly answered: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the clients themselves. */
  readonly cpuMs: number;
};

const job: LoadJob = JSON.parse(await text(process.stdin));
const path = new URL(job.url).pathname;
const origins = [job.url, ...(job.also ?? [])].map((url) => new URL(url).origin);
const times: number[] = [];
const fresh = job.tokensOnce === true ? job.tokens?.values() : undefined;
const usedBefore = process.cpuUsage();
const began = performance.now();
const end = began + job.milliseconds;
await Promise.all(Array.from({ length: job.connections }, (_, index) => clientAsks(index)));
const seconds = (performance.now() - began) / 1_000;
const { user, system } = process.cpuUsage(usedBefore);
const result: LoadResult = {
  answered: times.length,
  seconds,
  p50: quantile(times, 0.5),
  p99: quantile(times, 0.99),
  cpuMs: (user + system) / 1_000,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

async function clientAsks(number: number): Promise<void> {
  let client = open(number);
  const headers = {
    "content-type": "application/json",
    accept: "application/json",
    authorization: `Bearer ${job.tokens?.[number % job.tokens.length] ?? `client-${number}`}`,
  };
  for (let turn = number * 7; performance.now() < end; turn++) {
    const next = fresh?.next();
    if (next?.done === true) break;
    if (next !== undefined) headers.authorization = `Bearer ${next.value}`;
    const index = turn % job.bodies.length;
    const started = performance.now();
    const bytes = await ask(client, { path, method: "POST", headers, body: job.bodies[index] ?? "" });
    times.push(performance.now() - started);
    if (job.connectEach === true) {
      await client.close();
      client = open(number);
    }
    if (bytes !== job.bytes[index]) throw new Error(`${bytes} bytes instead of ${job.bytes[index]}`);
  }
  await client.close();
}

function open(number: number): Client {
  return new Client(origins[number % origins.length] ?? job.url, {
    headersTimeout: 15_000,
    bodyTimeout: 15_000,
    allowH2: job.tls?.http2 === true,
    ...(job.tls && { connect: { ca: job.tls.ca, servername: "localhost" } }),
  });
}

/** How many bytes the answer's body has: nothing else is made of it, so that the clients cost little. */
function ask(client: Client, options: Dispatcher.DispatchOptions): Promise<number> {
  return new Promise((settle, fail) => {
    let bytes = 0;
    client.dispatch(options, {
      onRequestStart: () => undefined,
      onResponseStart(_, status) {
        if (status !== 200) fail(new Error(`status ${status}`));
      },
      onResponseData(_, chunk) {
        bytes += chunk.length;
      },
      onResponseEnd: () => settle(bytes),
      onResponseError: (_, error) => fail(error),
    });
  });
}
