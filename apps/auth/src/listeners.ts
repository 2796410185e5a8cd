import { serveJwks } from "@catalyst-node/adapters/jwks";
import { type RpcCredentials, serveRpc } from "@catalyst-node/adapters/rpc";
import { fail, ok, parseListen, type Problem, type Result } from "@catalyst-node/core/model";
import { jwksOf } from "./held.ts";
import type { AuthOptions } from "./options.ts";
import { authProblem } from "./problems.ts";
import type { Listener } from "./ready-line.ts";
import type { Role } from "./roles.ts";
import { type AuthParts, authRoutes, type RoleOf } from "./routes.ts";

export type Listening = AsyncDisposable & { readonly listeners: readonly Listener[] };

type CallerRpc = AuthOptions["config"]["auth"]["rpc"];
type Door = { readonly name: string; readonly rpc: CallerRpc; readonly roleOf: RoleOf };

/** Binds a door for each role, and the published keys; all or none. */
export async function serveDoors(parts: AuthParts): Promise<Result<Listening>> {
  const { auth } = parts.config;
  const doors = doorsOf(auth.rpc, auth.gatewayRpc);
  if (!doors.ok) return doors;
  await using stack = new AsyncDisposableStack();
  const listeners: Listener[] = [];
  const problems: Problem[] = [];
  for (const { name, rpc, roleOf } of doors.value) {
    const credentials = credentialsOf(rpc);
    const server = await serveRpc({
      listen: rpc.address,
      routes: authRoutes(parts, roleOf),
      readMaxBytes: 64 * 1024,
      ...(credentials && { credentials }),
    });
    if (server.ok) listeners.push({ name, url: stack.use(server.value).url });
    else problems.push(...server.problems);
  }
  const listen = parseListen(auth.listen);
  if (typeof listen === "string") throw new Error(listen);
  const keys = await serveJwks({
    listen,
    keys: () => jwksOf(parts.custody.held),
    notReady: () => parts.custody.problems,
  });
  if (keys.ok) listeners.push({ name: "jwks", url: stack.use(keys.value).url });
  else problems.push(...keys.problems);
  if (problems.length > 0) return fail(...problems);
  const owned = stack.move();
  return ok({ listeners, [Symbol.asyncDispose]: () => owned.disposeAsync() });
}

/** An https address may be shared by both: their certificates tell them apart. */
function doorsOf(rpc: CallerRpc, gatewayRpc: CallerRpc): Result<readonly Door[]> {
  const isShared = rpc.address === gatewayRpc.address;
  const bearers = [rpc, gatewayRpc].filter(({ tls }) => tls !== undefined);
  const isUnnamed = bearers.some(({ caller }) => caller === undefined);
  const isOneName = bearers.length === 2 && rpc.caller === gatewayRpc.caller;
  if (isUnnamed || isOneName) return fail(authProblem("CAT-AUTH-005", "auth.rpc.caller"));
  if (isShared && rpc.tls === undefined) return fail(authProblem("CAT-AUTH-006", "auth.gatewayRpc.address"));
  const byName = (role: Role, { caller }: CallerRpc, names: readonly string[]): Role | undefined =>
    caller !== undefined && names.includes(caller) ? role : undefined;
  if (isShared) {
    const roleOf: RoleOf = (names) => byName("orchestrator", rpc, names) ?? byName("gateway", gatewayRpc, names);
    return ok([{ name: "auth-orchestrator", rpc, roleOf }]);
  }
  const door = (role: Role, own: CallerRpc): Door => ({
    name: `auth-${role}`,
    rpc: own,
    roleOf: (names) => (own.tls === undefined ? role : byName(role, own, names)),
  });
  return ok([door("orchestrator", rpc), door("gateway", gatewayRpc)]);
}

function credentialsOf({ tls, secretFile }: CallerRpc): RpcCredentials | undefined {
  if (tls !== undefined) return { tls };
  return secretFile === undefined ? undefined : { secretFile };
}
