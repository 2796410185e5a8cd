import { join } from "node:path";
import { adminV1, createClient, rpcTransport } from "@catalyst-node/adapters/rpc";

/** Who may change a node: by the socket in its state folder. */
export type Admin = Disposable & {
  /** Has the node look at its services' schemas now; settles when it has done with them. */
  readonly refresh: () => Promise<void>;
};

export async function adminOf(stateDir: string): Promise<Admin> {
  const transport = await rpcTransport({ address: `unix:${join(stateDir, "admin.sock")}`, timeoutMs: 35_000 });
  if (!transport.ok) throw new Error(transport.problems[0]?.message);
  const client = createClient(adminV1.AdminService, transport.value);
  return {
    refresh: async () => void (await client.refreshServices({})),
    [Symbol.dispose]: () => transport.value[Symbol.dispose](),
  };
}
