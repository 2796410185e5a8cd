import { ask } from "../support/graphql.ts";
import { eventually } from "../support/process.ts";
import { Composed, type Container, type ServiceName } from "./compose.ts";
import { mint } from "./identity.ts";
import { Podman } from "./podman.ts";
import { makeStandIns } from "./stand-ins.ts";

/** For one test, in ms, on a busy machine. */
export const timeout = 120_000;
/** Between two looks by podman, in ms: each starts a process or two. */
export const every = 300;

const query = `{ product(id: 1) { name price averageRating } stock(productId: 1) { quantity inStock } }`;
/** What the services of compose.yaml answer together. */
export const answer = {
  status: 200,
  data: { product: { name: "Enamel Mug", price: 1450, averageRating: 4.5 }, stock: { quantity: 42, inStock: true } },
};

/** The one node in containers that all tests of the suite try, one after the other. */
export class TriedNode {
  readonly podman: Podman;
  readonly node: Composed;
  /** Sizes and times, to be printed. */
  readonly figures: string[] = [];
  #token = "";

  private constructor(podman: Podman, node: Composed) {
    this.podman = podman;
    this.node = node;
  }

  static async prepare(): Promise<TriedNode> {
    const podman = await Podman.open();
    return new TriedNode(podman, await Composed.prepare(podman));
  }

  /** Builds the images and starts them, until the first federated answer. */
  async start(): Promise<void> {
    await this.timed("stand-in bases", () => makeStandIns(this.podman));
    await this.timed("the four images", () => this.node.build());
    await this.timed("up to the first federated answer", async () => {
      await this.node.compose("up", "--detach", "--no-build");
      try {
        this.#token = await eventually(() => mint(this.node, "--ttl", "30m"), Boolean, { every });
        await this.untilAnswered();
      } catch (error) {
        throw new Error(await this.node.logs(), { cause: error });
      }
    });
  }

  async end(): Promise<void> {
    await this.timed("down", () => this.node.compose("down", "--volumes"));
    await this.podman[Symbol.asyncDispose]();
  }

  container(name: ServiceName): Container {
    return this.node.container(name);
  }

  /** A token that the gateway takes. */
  get token(): string {
    return this.#token;
  }

  /** A federated answer, by that token. */
  graphql() {
    return this.askAs(this.#token);
  }

  /** The same by another token, or by none. */
  askAs(token?: string) {
    return ask(`${this.node.url}/graphql`, query, {}, token);
  }

  async untilAnswered(): Promise<void> {
    await eventually(
      async () => (await this.graphql()).status === 200,
      (answered) => answered,
    );
  }

  async timed(what: string, work: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    await work();
    this.figures.push(`${what} took ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
}

/** Of the node that a suite has started before any of its tests runs. */
export type Tried = () => TriedNode;
