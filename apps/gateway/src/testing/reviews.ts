import { serveSubgraph, subgraphSchema } from "@catalyst-node/example-subgraph";
import { desired } from "./subgraphs.ts";

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])`;
const local = { host: "127.0.0.1", port: 0 };

function nameOf({ id }: { readonly id: string }): string {
  if (id === "gone") throw new Error("no such product");
  return `Product ${id}`;
}

const asleep = (): void => undefined;

/** Reviews tells of new reviews, Products knows the names; both in this process, so that a test sees who listens. */
export class ReviewedShop implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #listening = new Set<{ push: (id: string) => void; end: () => void }>();
  #services: readonly { readonly name: string; readonly sdl: string; readonly url: string }[] = [];
  #endReviews: () => Promise<void> = async () => undefined;

  static async start(): Promise<ReviewedShop> {
    const shop = new ReviewedShop();
    const reviews = `${link} type Query { review: Review } type Review { id: ID! product: Product }
      type Product @key(fields: "id") { id: ID! } type Subscription { reviewAdded: Review }`;
    const products = `${link} type Query { products: [Product] } type Product @key(fields: "id") { id: ID! name: String! }`;
    const entity = { Product: ({ id }: { readonly id: string }) => ({ id }) };
    const first = await serveSubgraph(
      subgraphSchema(reviews, { Subscription: { reviewAdded: () => shop.#listen() } }, entity),
      local,
    );
    const second = await serveSubgraph(subgraphSchema(products, { Product: { name: nameOf } }, entity), local);
    shop.#stack.use(first);
    shop.#stack.use(second);
    shop.#endReviews = () => first[Symbol.asyncDispose]();
    shop.#services = [
      { name: "reviews", sdl: reviews, url: first.url },
      { name: "products", sdl: products, url: second.url },
    ];
    return shop;
  }

  /** How many subscriptions are open at Reviews. */
  get listeners(): number {
    return this.#listening.size;
  }

  /** Tells everybody who listens of a review of this product. */
  add(id: string): void {
    for (const { push } of this.#listening) push(id);
  }

  /** Ends Reviews as a crash would: connections break off. */
  async crash(): Promise<void> {
    await this.#endReviews();
  }

  /** The sections for a gateway; `protocol` is how it asks Reviews. */
  sections(protocol: 1 | 2) {
    const { schema, endpoints } = desired(this.#services);
    const services = endpoints.services.map(({ service, endpoints: all }) => ({
      service,
      endpoints: all.map(({ url }) => ({ url, subscriptions: { protocol } })),
    }));
    return { schema, endpoints: { services } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  #listen(): AsyncGenerator<unknown, void, void> {
    const waiting: string[] = [];
    let wake = asleep;
    const listener = {
      push: (id: string): void => {
        waiting.push(id);
        wake();
      },
      end: (): void => {
        this.#listening.delete(listener);
        wake();
      },
    };
    this.#listening.add(listener);
    const open = () => this.#listening.has(listener);
    return {
      next: async () => {
        while (waiting.length === 0 && open()) await new Promise<void>((settle) => (wake = settle));
        const id = waiting.shift();
        if (id === undefined || !open()) return { done: true, value: undefined };
        return { done: false, value: { reviewAdded: { id: `review of ${id}`, product: { id } } } };
      },
      return: async () => {
        listener.end();
        return { done: true, value: undefined };
      },
      throw: async (reason) => {
        listener.end();
        throw reason;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
      [Symbol.asyncDispose]: async () => listener.end(),
    };
  }
}
