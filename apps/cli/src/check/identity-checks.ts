import type { AuthItem } from "../views/auth.ts";
import { type ProblemItem, problemLine } from "../views/problem.ts";
import type { TrustItem } from "../views/trust.ts";
import { formatAge } from "../times.ts";
import { type Check, type Facts, bad, ok } from "./checks.ts";

/** A change of a key that is later than this did not happen by itself. */
const overdueSeconds = 60;

/** Who signs, who is believed, and whether the gateway asks for it. */
export function identityChecks({ status, probe }: Facts): readonly Check[] {
  const { auth, trust, gateway } = status;
  const production = gateway?.status?.mode === "production";
  return [
    ...(auth ? authChecks(auth) : []),
    ...(trust ? [asksForTokens(trust, production), ...trust.issuers.map(believed)] : []),
    ...status.reasons.filter(({ code }) => code === issuerFile).map(unusable),
    ...(trust?.mode === "required" ? refuses(probe) : []),
    ...(trust && gateway?.status ? [told(gateway.status.sections)] : []),
  ];
}

/** The file of an issuer's keys has changed to what cannot be used (core/src/node/problems.ts). */
const issuerFile = "CAT-NODE-020";

function unusable(problem: ProblemItem): Check {
  const hint = "The keys read last stay in force; the file is read again by itself.";
  return bad("identity", `the keys of ${problem.path} can be read`, "warning", problemLine(problem), hint);
}

function authChecks(auth: AuthItem): readonly Check[] {
  const answers = `auth answers at ${auth.address}`;
  const hint = auth.embedded
    ? "The node starts it again by itself; its reason is in the log."
    : "Does it run, and at this address? `catalyst auth` starts it.";
  if (!auth.connected) {
    // Tokens that are out are taken all the same.
    const reason = auth.problems.map(problemLine).join("; ") || "It does not.";
    return [bad("identity", answers, auth.kids.length > 0 ? "warning" : "error", reason, hint)];
  }
  return [ok("identity", answers), signs(auth), ...rotation(auth)];
}

function signs({ status }: AuthItem): Check {
  const name = "auth has an active key and signs";
  const problems = status?.problems ?? [];
  if (status?.ready && problems.length === 0) return ok("identity", name);
  const reason = problems.map(problemLine).join("; ") || "It does not say why it is not ready.";
  return bad("identity", name, status?.ready ? "warning" : "error", reason, "Look at auth's log.");
}

/** None where auth tells no times of its keys. */
function rotation({ status }: AuthItem): readonly Check[] {
  const name = "the keys change when it is their time";
  const keys = status?.keys.filter(({ secondsUntilNext }) => secondsUntilNext !== null) ?? [];
  if (keys.length === 0) return [];
  const late = keys.filter(({ secondsUntilNext }) => (secondsUntilNext ?? 0) < -overdueSeconds);
  if (late.length === 0) return [ok("identity", name)];
  const reasons = late.map(
    ({ kid, state, secondsUntilNext }) => `${kid} (${state}) is ${formatAge(-(secondsUntilNext ?? 0))} late.`,
  );
  const hint = "Can auth write its state folder, and is its clock right? `catalyst keys rotate` begins a change now.";
  return [bad("identity", name, "warning", reasons.join(" "), hint)];
}

function asksForTokens({ mode }: TrustItem, production: boolean): Check {
  const name = `tokens of clients: ${mode}`;
  if (mode === "required" || !production) return ok("identity", name);
  const reason =
    mode === "off" ? "The gateway answers whoever can reach it." : "Whoever has no token is answered as nobody.";
  const hint = 'Set gateway.auth.mode to "required", and auth.mode to "embedded" for keys of the node\'s own.';
  return bad("identity", name, "warning", reason, hint);
}

function believed({ issuer, kids }: TrustItem["issuers"][number]): Check {
  const name = `tokens of ${issuer} can be verified`;
  if (kids.length > 0) return ok("identity", name);
  const hint = "Its key file holds no key, or auth has told none yet; no token of it is taken until then.";
  return bad("identity", name, "warning", "No key of it is known.", hint);
}

/** What was pushed is one thing, what a client without a token meets another. */
function refuses(probe: Facts["probe"]): readonly Check[] {
  const name = "a request without a token is refused";
  if (probe.kind === "unauthenticated") return [ok("identity", name)];
  if (probe.kind !== "answered") return [];
  return [bad("identity", name, "error", `${probe.url} answered one.`, "Is the gateway in sync? Look at its log.")];
}

function told(sections: readonly { readonly section: string }[]): Check {
  const name = "the gateway knows whom to answer";
  if (sections.some(({ section }) => section === "trust")) return ok("identity", name);
  const hint = "A gateway that was never told answers everybody. Does it run this version?";
  return bad("identity", name, "error", "It was never told.", hint);
}
