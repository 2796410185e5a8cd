import { resolve } from "node:path";
import { jwksResponder } from "@catalyst-node/adapters/jwks";
import { type RpcServer, serveRpc } from "@catalyst-node/adapters/rpc";
import { ok, type Result } from "@catalyst-node/core/model";
import { type Listener, publishedKeys } from "@catalyst-node/core/node";
import { adminRoutes } from "./admin-service.ts";
import type { AuthLink } from "./auth-link.ts";
import type { EventRing } from "./event-ring.ts";
import type { Mailbox } from "./mailbox.ts";
import { orchestratorRoutes } from "./orchestrator-service.ts";

export type Apis = AsyncDisposable & { readonly listeners: readonly Listener[] };

export type ApiOptions = {
  /** `host:port`. */
  readonly api: string;
  /** The path of the admin socket. */
  readonly admin: string;
  readonly mailbox: Mailbox;
  readonly events: EventRing;
  /** Undefined where the node has no auth sidecar. */
  readonly auth: AuthLink | undefined;
};

/** Binds what a node is read by, and the socket by which it is changed; both or none. */
export async function serveApis({ api, admin, mailbox, events, auth }: ApiOptions): Promise<Result<Apis>> {
  await using stack = new AsyncDisposableStack();
  const bound = new Map<string, Promise<Result<RpcServer>>>([
    [
      "api",
      serveRpc({
        listen: api,
        routes: orchestratorRoutes(mailbox, events),
        pages: jwksResponder(() => mailbox.node && publishedKeys(mailbox.node)),
        credentials: "public-read-only",
      }),
    ],
    ["admin", serveRpc({ listen: `unix:${resolve(admin)}`, routes: adminRoutes(mailbox, auth) })],
  ]);
  const listeners: Listener[] = [];
  const problems = [];
  for (const [name, serving] of bound) {
    const server = await serving;
    if (server.ok) listeners.push({ name, url: stack.use(server.value).url });
    else problems.push(...server.problems);
  }
  if (problems.length > 0) return { ok: false, problems };
  const owned = stack.move();
  return ok({ listeners, [Symbol.asyncDispose]: () => owned.disposeAsync() });
}
