import type { Composer } from "@catalyst-node/adapters/composer";
import type { Store } from "@catalyst-node/adapters/disk";
import type { Logger } from "@catalyst-node/adapters/log";
import type { SdlFetcher } from "@catalyst-node/adapters/sdl";
import type { ServiceConfig } from "@catalyst-node/core/config";
import { formatProblem, type Problem } from "@catalyst-node/core/model";
import type { Effect, Event, Learned, SidecarName } from "@catalyst-node/core/node";
import type { EventRing } from "./event-ring.ts";
import type { GatewayLink } from "./gateway-link.ts";
import type { SidecarProcess } from "./sidecar.ts";
import type { Timers } from "./timers.ts";

type Compose = Extract<Effect, { kind: "compose" }>;

/** All that a node can do to the world. */
export type Hands = {
  readonly post: (event: Event) => void;
  readonly fetcher: SdlFetcher;
  readonly composer: Composer;
  readonly link: GatewayLink;
  /** Without auth where the node has none. */
  readonly sidecars: Readonly<Partial<Record<SidecarName, SidecarProcess>>>;
  readonly store: Store<Learned>;
  readonly timers: Timers;
  readonly events: EventRing;
  readonly log: Logger;
  readonly announceReady: () => void;
  readonly finish: (failed: Problem | undefined) => void;
  /** Fires when the process ends: what is under way is given up. */
  readonly ending: AbortSignal;
};

/** The one switch between what was decided and what is done. Nothing is awaited; answers come as events. */
export function performEffects(hands: Hands): (effect: Effect) => void {
  let composing = new AbortController();
  return (effect) => {
    switch (effect.kind) {
      case "fetchSdl":
        void fetchSdl(hands, effect.service);
        return;
      case "compose":
        // The latest wins: what an older attempt would tell, nobody asks any more.
        composing.abort();
        composing = new AbortController();
        void compose(hands, effect, AbortSignal.any([composing.signal, hands.ending]));
        return;
      case "configureGateway":
        void hands.link.configure(effect.revision, effect.sections);
        return;
      case "startSidecar":
        hands.sidecars[effect.sidecar]?.start();
        return;
      case "killSidecar":
        hands.sidecars[effect.sidecar]?.kill();
        return;
      case "stopSidecar":
        void hands.sidecars[effect.sidecar]?.stop();
        return;
      case "persist":
        void persist(hands, effect.learned);
        return;
      case "startTimer":
        hands.timers.start(effect.id, effect.ms, effect.spread);
        return;
      case "cancelTimer":
        hands.timers.cancel(effect.id);
        return;
      case "tell": {
        const { level, event, subject, message } = effect;
        hands.events.add({ at: Date.now(), kind: event, subject, message });
        hands.log[level](message, { event, subject });
        return;
      }
      case "announceReady":
        hands.announceReady();
        return;
      case "finish":
        hands.finish(effect.failed);
    }
  };
}

async function fetchSdl({ fetcher, post, ending }: Hands, config: ServiceConfig): Promise<void> {
  const fetched = await fetcher.fetch(config, ending);
  const service = config.name;
  if (fetched.ok) post({ kind: "sdlFetched", service, schema: fetched.value });
  else post({ kind: "sdlFailed", service, problem: joined(fetched.problems) });
}

async function compose({ composer, post }: Hands, effect: Compose, signal: AbortSignal): Promise<void> {
  const { ticket, subgraphs, timeoutMs } = effect;
  post({ kind: "composed", ticket, attempt: await composer.compose(subgraphs, { timeoutMs, signal }) });
}

async function persist({ store, log }: Hands, learned: Learned): Promise<void> {
  const problem = await store.save(learned);
  if (problem !== undefined) log.error(formatProblem(problem));
}

/** One problem of several that say why one thing failed. */
function joined(problems: readonly Problem[]): Problem {
  const [first] = problems;
  if (first === undefined) throw new Error("a failure without a problem");
  return { ...first, message: problems.map(({ message }) => message).join(" ") };
}
