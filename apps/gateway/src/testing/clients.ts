import { Client } from "undici";

/** What came of asking over one connection. */
export type Asked = { answered: number; broken: number; readonly wrong: string[] };

/** Clients that ask the same without a pause, each over a connection of its own, so often or until they are stopped. */
export class Clients implements AsyncDisposable {
  readonly asked: readonly Asked[];
  readonly #clients: readonly Client[];
  readonly #stop = new AbortController();
  readonly done: Promise<unknown>;

  constructor(url: string, count: number, query: string, expected: string, times = Infinity, ca = "") {
    const { origin, pathname } = new URL(url);
    const options = { headersTimeout: 15_000, ...(ca === "" ? {} : { connect: { ca, servername: "localhost" } }) };
    this.#clients = Array.from({ length: count }, () => new Client(origin, options));
    const all = this.#clients.map((client): readonly [Client, Asked] => [
      client,
      { answered: 0, broken: 0, wrong: [] },
    ]);
    this.asked = all.map(([, asked]) => asked);
    const ask = ([client, asked]: readonly [Client, Asked]) => once(client, { path: pathname, query }, expected, asked);
    this.done = (async () => {
      // One connection after the other, so that each worker has its turn: in a rush the quicker one takes more.
      for (const each of all) await ask(each);
      await Promise.all(
        all.map(async (each) => {
          for (let time = 1; time < times && !this.#stop.signal.aborted; time += 1) await ask(each);
        }),
      );
    })();
  }

  get answered(): number {
    return this.asked.reduce((sum, { answered }) => sum + answered, 0);
  }

  /** How many connections ended without an answer to what was asked over them, each counted once. */
  get brokenConnections(): number {
    return this.asked.reduce((sum, { broken }) => sum + broken, 0);
  }

  get wrong(): readonly string[] {
    return this.asked.flatMap(({ wrong }) => wrong);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Promise.all(this.#clients.map((client) => client.destroy()));
  }
}

async function once(
  client: Client,
  { path, query }: { readonly path: string; readonly query: string },
  expected: string,
  asked: Asked,
): Promise<void> {
  const headers = { "content-type": "application/json", accept: "application/json" };
  try {
    const answer = await client.request({ method: "POST", path, headers, body: JSON.stringify({ query }) });
    const text = await answer.body.text();
    if (answer.statusCode === 200 && text.trim() === expected) asked.answered += 1;
    else asked.wrong.push(`${answer.statusCode} ${text}`);
  } catch {
    asked.broken += 1;
  }
}
