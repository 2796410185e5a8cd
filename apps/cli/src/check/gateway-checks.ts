import type { GatewayItem } from "../views/gateway.ts";
import { problemLine } from "../views/problem.ts";
import { formatAge } from "../times.ts";
import { type Check, type Facts, type Probe, bad, ok } from "./checks.ts";

/** Acknowledgements come at least every 10 s; three missed ones are no coincidence. */
const lateSeconds = 30;

export function gatewayChecks({ status, probe }: Facts): readonly Check[] {
  const { gateway } = status;
  if (!gateway) return [bad("gateway", "there is a gateway", "error", "The node knows of none.")];
  return [
    connected(gateway),
    fresh(gateway),
    inSync(gateway),
    ...refusals(gateway),
    ...certificate(gateway),
    probed(probe),
  ];
}

function connected({ connection, address, problems }: GatewayItem): Check {
  const name = `the orchestrator is connected to ${address}`;
  if (connection === "connected") return ok("gateway", name);
  const hint = "An embedded gateway is started again by itself; is a remote one running, and at this address?";
  return bad(
    "gateway",
    name,
    "error",
    problems.map(problemLine).join("; ") || `The connection is ${connection}.`,
    hint,
  );
}

function fresh({ secondsSinceAcknowledged: seconds }: GatewayItem): Check {
  const name = `the gateway has acknowledged in the last ${lateSeconds}s`;
  if (seconds !== null && seconds <= lateSeconds) return ok("gateway", name);
  const reason = seconds === null ? "It never has." : `The last time was ${formatAge(seconds)} ago.`;
  return bad("gateway", name, "error", reason, "Look at the gateway's log.");
}

function inSync({ inSync, status }: GatewayItem): Check {
  const name = "the gateway serves what is desired";
  if (inSync && status?.state === "ready") return ok("gateway", name);
  const reasons = status?.notReadyReasons.map(problemLine).join("; ");
  return bad("gateway", name, "error", reasons || "What it serves is not what the orchestrator wants.");
}

function refusals({ status }: GatewayItem): readonly Check[] {
  return (status?.refusals ?? []).map(({ section, problems }) =>
    bad(
      "gateway",
      `the ${section} section is accepted`,
      "error",
      problems.map(problemLine).join("; "),
      "The last good one still serves.",
    ),
  );
}

/** None where only HTTP is spoken. */
function certificate({ status }: GatewayItem): readonly Check[] {
  if (!status?.certificate) return [];
  const { certFile, notAfter, problems } = status.certificate;
  const name = `the certificate ${certFile} is valid until ${notAfter}`;
  if (problems.length === 0) return [ok("gateway", name)];
  return [bad("gateway", name, "error", problems.map(problemLine).join("; "), "The last good one still serves.")];
}

function probed(probe: Probe): Check {
  switch (probe.kind) {
    case "answered":
      return ok("gateway", `${probe.url} answers a query (${probe.ms} ms)`);
    case "unauthenticated":
      return ok("gateway", `${probe.url} answers, and asks for a token (${probe.ms} ms)`);
    case "failed":
      return bad("gateway", `${probe.url} answers a query`, "error", probe.reason, "Look at the gateway's log.");
    case "skipped":
      return bad(
        "gateway",
        "the gateway answers a query",
        "warning",
        probe.reason,
        "Run the check where the node runs.",
      );
  }
}
