import { adminV1, Code, ConnectError, type ConnectRouter } from "@catalyst-node/adapters/rpc";
import { isAtRest } from "@catalyst-node/core/node";
import { identityCalls } from "./admin-identity.ts";
import type { AuthLink } from "./auth-link.ts";
import type { Mailbox } from "./mailbox.ts";
import { known } from "./orchestrator-service.ts";

/** As the contract says; the services' own deadlines are shorter. In milliseconds. */
const refreshMs = 30_000;

/** Serves catalyst.orchestrator.v1.AdminService: every call that changes anything. */
export function adminRoutes(mailbox: Mailbox, auth: AuthLink | undefined): (router: ConnectRouter) => void {
  return (router) =>
    router.service(adminV1.AdminService, {
      async refreshServices({ names }, { signal }) {
        const node = known(mailbox);
        const unknown = names.filter((name) => !node.services.has(name));
        if (unknown.length > 0) throw new ConnectError(`no service ${unknown.join(", ")}`, Code.InvalidArgument);
        const services = names.length === 0 ? [...node.services.keys()] : names;
        mailbox.post({ kind: "refreshRequested", services });
        const limit = AbortSignal.any([signal, AbortSignal.timeout(refreshMs)]);
        while (!limit.aborted && !isAtRest(known(mailbox), services)) await mailbox.changes.next(limit);
        return {};
      },
      ...identityCalls(mailbox, auth),
    });
}
