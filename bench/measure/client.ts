import { Pool } from "undici";

/** An HTTP client with connections of its own, kept open; each answer has 15 s. */
export class Client implements AsyncDisposable {
  readonly #pool: Pool;
  readonly #path: string;

  constructor(url: string, connections = 1) {
    const { origin, pathname } = new URL(url);
    this.#pool = new Pool(origin, { connections, headersTimeout: 15_000, bodyTimeout: 15_000 });
    this.#path = pathname;
  }

  /** One operation; the answer's text, whatever its status. */
  ask(query: string): Promise<{ readonly status: number; readonly text: string }> {
    return this.send(JSON.stringify({ query }));
  }

  /** The same of a body that is already written. */
  async send(body: string): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await this.#pool.request({
      method: "POST",
      path: this.#path,
      headers: { "content-type": "application/json", accept: "application/json" },
      body,
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }

  /** The answer of a path by GET. */
  async get(path: string): Promise<number> {
    const { statusCode, body } = await this.#pool.request({ method: "GET", path });
    await body.dump();
    return statusCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.destroy();
  }
}
