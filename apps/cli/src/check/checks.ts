import type { ServiceItem } from "../views/service.ts";
import type { StatusItem } from "../views/status.ts";
import { problemLine } from "../views/problem.ts";
import type { Category } from "./category.ts";
import { gatewayChecks } from "./gateway-checks.ts";
import { identityChecks } from "./identity-checks.ts";

/** One thing that was looked at. `warning`: it works, but not as it should. */
export type Check = {
  readonly category: Category;
  readonly name: string;
  readonly outcome: "ok" | "warning" | "error";
  /** What is wrong and why; empty when ok. */
  readonly reason: string;
  /** What to do about it; empty when ok, or when the reason says it. */
  readonly hint: string;
};

/** Whether the gateway answered a query of ours, which is what its users would see. */
export type Probe =
  | { readonly kind: "answered"; readonly url: string; readonly ms: number }
  /** By 401: we have no token. */
  | { readonly kind: "unauthenticated"; readonly url: string; readonly ms: number }
  | { readonly kind: "failed"; readonly url: string; readonly reason: string }
  | { readonly kind: "skipped"; readonly reason: string };

/** Everything that was read, before anything is judged. */
export type Facts = {
  readonly api: string;
  readonly version: string;
  readonly status: StatusItem;
  readonly services: readonly ServiceItem[];
  readonly schema: { readonly digest: string; readonly bytes: number };
  readonly probe: Probe;
};

export function ok(category: Category, name: string): Check {
  return { category, name, outcome: "ok", reason: "", hint: "" };
}

export function bad(category: Category, name: string, outcome: "warning" | "error", reason: string, hint = ""): Check {
  return { category, name, outcome, reason, hint };
}

/** The one check when nothing could be read: everything else would only repeat it. */
export function unreachable(reason: string): readonly Check[] {
  return [bad("orchestrator", "the API answers", "error", reason)];
}

/** Judges what was read. Pure, and in the order in which one thing depends on the other. */
export function checks(facts: Facts): readonly Check[] {
  return [
    ...orchestratorChecks(facts),
    ...gatewayChecks(facts),
    ...identityChecks(facts),
    ...serviceChecks(facts),
    ...schemaChecks(facts),
  ];
}

function orchestratorChecks({ api, version, status }: Facts): readonly Check[] {
  const sameVersion = `version ${version} on both sides`;
  return [
    ok("orchestrator", `the API answers at ${api}`),
    status.version === version
      ? ok("orchestrator", sameVersion)
      : bad(
          "orchestrator",
          sameVersion,
          "warning",
          `The node runs version ${status.version}.`,
          "Upgrade the older one.",
        ),
    status.ready
      ? ok("orchestrator", `${status.organization}/${status.node} is ready`)
      : bad(
          "orchestrator",
          `${status.organization}/${status.node} is ready`,
          "error",
          status.reasons.map(problemLine).join("; ") || "The node does not say why it is not ready.",
        ),
  ];
}

function serviceChecks({ services }: Facts): readonly Check[] {
  if (services.length === 0) {
    const hint = "Add one by --service name=NAME,url=URL or in the configuration file, and restart the node.";
    return [bad("services", "a service is configured", "warning", "The node publishes nothing.", hint)];
  }
  return services.map(serviceCheck);
}

function serviceCheck({ name, state, url, problems }: ServiceItem): Check {
  const what = `${name} is served with a fresh schema`;
  const reason = problems.map(problemLine).join("; ");
  if (state === "serving") return ok("services", what);
  if (state === "stale") {
    const hint = `It serves with its last known schema. Does ${url} answer?`;
    return bad("services", what, "warning", reason || `${name} is stale.`, hint);
  }
  if (state === "quarantined") {
    const hint = "Mend the schema of the service; the node tries it again by itself when it has changed.";
    return bad("services", what, "error", reason || `${name} is quarantined.`, hint);
  }
  const hint = `Does ${url} answer? The node tries again by itself; \`catalyst services --refresh\` does it now.`;
  return bad("services", what, "error", reason || `${name} has no schema yet.`, hint);
}

function schemaChecks({ schema, status, services }: Facts): readonly Check[] {
  if (schema.bytes === 0) {
    const outcome = services.length === 0 ? "warning" : "error";
    return [bad("schema", "there is a supergraph", outcome, "No service is in it.", "See the services above.")];
  }
  const served = status.gateway?.status?.sections.find(({ section }) => section === "schema")?.digest;
  const name = "the gateway serves the composed schema";
  const reason = served === undefined ? "It has none yet." : "It serves another one.";
  return [
    ok("schema", `there is a supergraph (${schema.bytes} bytes)`),
    served === schema.digest
      ? ok("schema", name)
      : bad("schema", name, "error", reason, "Look at what it refused above."),
  ];
}
