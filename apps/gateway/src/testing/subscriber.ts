/** A client of one subscription, by one of the two protocols. */
export type Subscriber = {
  /** The next answer; undefined when the gateway has completed the subscription. */
  readonly next: () => Promise<unknown>;
  readonly leave: () => void;
  /** How its connection was closed: a WebSocket's code, 0 for a stream. */
  readonly closed: Promise<number>;
};

const waitMs = 60_000;

/** Answers in the order in which they came, each once, with a deadline. */
class Inbox {
  readonly #waiting: unknown[] = [];
  #wake: () => void = () => undefined;

  readonly put = (answer: unknown): void => {
    this.#waiting.push(answer);
    this.#wake();
  };

  readonly next = async (): Promise<unknown> => {
    const end = Date.now() + waitMs;
    while (this.#waiting.length === 0) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const deadline = setTimeout(() => reject(new Error("no answer in time")), end - Date.now());
      this.#wake = resolve;
      await promise;
      clearTimeout(deadline);
    }
    return this.#waiting.shift();
  };
}

/** Who subscribes, if it says so. */
type By = { readonly token?: string };

export async function subscribeSse(url: string, query: string, { token }: By = {}): Promise<Subscriber> {
  const controller = new AbortController();
  const inbox = new Inbox();
  const closed = Promise.withResolvers<number>();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream", ...bearer(token) },
    body: JSON.stringify({ query }),
    signal: controller.signal,
  });
  const read = async (): Promise<void> => {
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const events = (text + chunk).split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        if (event.startsWith("event: complete")) inbox.put(undefined);
        const data = /^event: next\ndata: (.*)$/s.exec(event)?.[1];
        if (data !== undefined) inbox.put(JSON.parse(data));
      }
    }
  };
  const end = (): void => closed.resolve(0);
  read().then(end, end);
  return { next: inbox.next, leave: () => controller.abort(), closed: closed.promise };
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** A connection that has been acknowledged; `tell` sends whatever is to be sent. A token goes with the upgrade. */
export async function connectWs(url: string, init = '{"type":"connection_init"}', { token }: By = {}) {
  // Browsers can send no headers with it, so the type knows of none.
  const options = { protocols: "graphql-transport-ws", headers: bearer(token) };
  const socket: WebSocket = Reflect.construct(WebSocket, [url.replace(/^http/, "ws"), options]);
  const messages = new Inbox();
  const closed = Promise.withResolvers<number>();
  socket.addEventListener("message", ({ data }) => messages.put(JSON.parse(String(data))));
  socket.addEventListener("close", ({ code }) => closed.resolve(code));
  socket.addEventListener("open", () => socket.send(init));
  return { tell: (text: string) => socket.send(text), socket, messages, closed: closed.promise };
}

export async function subscribeWs(url: string, query: string, { token }: By = {}): Promise<Subscriber> {
  const payload = token === undefined ? {} : { payload: { authorization: `Bearer ${token}` } };
  const init = JSON.stringify({ type: "connection_init", ...payload });
  const { tell, socket, messages, closed } = await connectWs(url, init);
  await messages.next();
  tell(JSON.stringify({ id: "1", type: "subscribe", payload: { query } }));
  const next = async (): Promise<unknown> => {
    const message = Object(await messages.next());
    if (message.type === "complete") return undefined;
    return message.type === "error" ? { errors: message.payload } : message.payload;
  };
  return { next, leave: () => socket.close(), closed };
}
