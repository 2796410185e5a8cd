import { allAsked } from "./desired.ts";
import type { SectionName } from "./gateway-status.ts";
import { isOurs, outstanding } from "./reconcile.ts";
import type { Node } from "./state.ts";
import { lacksKeys } from "./trust-section.ts";

/** The gateway answers, and has served a configuration of every section; where tokens are spoken of, a key is known. */
export function isReady(node: Node): boolean {
  const { link } = node.gateway;
  if (link.kind !== "connected" || !isOurs(node, link.status) || lacksKeys(node)) return false;
  const served = new Set<SectionName>(link.status.sections.map(({ section }) => section));
  // A gateway that was never told whom to answer answers everybody.
  const guarded = node.config.gateway.auth.mode === "off" || served.has("trust");
  return served.has("identity") && served.has("schema") && served.has("endpoints") && guarded;
}

/** Nothing of what can be had now is still on its way to the gateway. */
export function isSettled(node: Node): boolean {
  const { link } = node.gateway;
  const decided = node.composing.run === undefined && node.composing.result !== undefined;
  // While a gateway serves and not all were asked, the schema is not decided (see desired.ts).
  const asked = allAsked(node) || node.settleElapsed;
  return (
    decided &&
    asked &&
    !isAuthOnItsWay(node) &&
    link.kind === "connected" &&
    link.push.kind === "idle" &&
    outstanding(node).length === 0
  );
}

/** An embedded auth that starts without trouble is a moment away, also where its keys are known from before. */
function isAuthOnItsWay({ auth }: Node): boolean {
  if (auth === undefined || auth.sidecar.kind === "remote" || auth.sidecar.failures > 0) return false;
  const { link, sidecar } = auth;
  // One that was found on the socket may be about to be replaced.
  return link.kind !== "connected" || sidecar.kind !== "running" || sidecar.pid !== link.status.pid;
}
