import type { Effect } from "../effects.ts";
import type { Event } from "../events.ts";

/** An event as one line that can be read aloud. */
export function lineOfEvent(event: Event): string {
  switch (event.kind) {
    case "configured":
      return `> configured with ${event.config.services.map(({ name }) => name).join(", ") || "no service"}; ${
        event.learned.services.map(({ name }) => name).join(", ") || "nothing"
      } known from before, last epoch ${event.learned.epoch}`;
    case "sdlFetched":
      return `> ${event.service} answers: ${event.schema.sdl}`;
    case "sdlFailed":
      return `> ${event.service} does not answer: ${event.problem.message}`;
    case "composed":
      return `> attempt ${event.ticket} ${event.attempt.kind}`;
    case "gatewayAnswered": {
      const { epoch, number } = event.revision;
      return `> gateway answers ${epoch}.${number}: ${event.results.map(({ section, outcome }) => `${section} ${outcome}`).join(", ")}`;
    }
    case "gatewayConnected":
      return `> gateway connected: serves ${event.status.sections.map(({ section }) => section).join(", ") || "nothing"}`;
    case "timerFired":
      return `> timer ${event.id}`;
    case "sidecarStarted":
      return `> ${event.sidecar} ${event.adopted ? "adopted" : "started"}`;
    case "sidecarExited":
      return `> ${event.sidecar} exited: ${event.code ?? "killed"}`;
    case "authConnected":
    case "authTold":
      return `> ${event.kind}: keys ${event.trust.issuer.keys.map(({ kid }) => kid).join(", ") || "none"}, ${event.trust.revocations.length} revocations`;
    case "gatewayLost":
      return `> gateway lost`;
    case "manifestRead":
    case "manifestRefused":
    case "listening":
    case "refreshRequested":
    case "issuerRead":
    case "issuerRefused":
    case "sidecarNotStarted":
    case "sidecarStopped":
    case "authShown":
    case "authLost":
    case "gatewayTold":
    case "gatewayUnanswered":
    case "stopRequested":
      return `> ${event.kind}`;
  }
}

/** An effect as one line that can be read aloud. */
export function lineOfEffect(effect: Effect): string {
  switch (effect.kind) {
    case "fetchSdl":
      return `    fetch ${effect.service.name}`;
    case "compose":
      return `    compose ${effect.subgraphs.map(({ name }) => name).join(", ")} (attempt ${effect.ticket}, ${effect.timeoutMs} ms)`;
    case "configureGateway": {
      const { epoch, number } = effect.revision;
      const schema = effect.sections.schema;
      const what = schema === undefined ? "" : ` [${schema.sdl || "empty set"}]`;
      return `    configure ${epoch}.${number}: ${Object.keys(effect.sections).join(", ")}${what}`;
    }
    case "persist":
      return `    persist epoch ${effect.learned.epoch}, ${effect.learned.services.map(({ name }) => name).join(", ") || "no service"}`;
    case "startTimer":
      return `    timer ${effect.id} in ${effect.ms} ms`;
    case "cancelTimer":
      return `    cancel timer ${effect.id}`;
    case "tell":
      return `    tell ${effect.level} ${effect.event} ${effect.subject}: ${effect.message}`;
    case "finish":
      return `    finish ${effect.failed?.code ?? "well"}`;
    case "startSidecar":
      return `    start ${effect.sidecar}`;
    case "killSidecar":
      return `    kill ${effect.sidecar}`;
    case "stopSidecar":
      return `    stop ${effect.sidecar}`;
    case "announceReady":
      return `    ${effect.kind}`;
  }
}
