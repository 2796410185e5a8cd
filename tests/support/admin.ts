import { join } from "node:path";
import { adminV1, createClient } from "@catalyst-node/adapters/rpc";
import { openTransport } from "./transport.ts";

/** Who may change a node: by the socket in its state folder. */
export type Admin = Disposable & {
  /** Has the node look at its services' schemas now; settles when it has done with them. */
  readonly refresh: () => Promise<void>;
};

export async function adminOf(stateDir: string): Promise<Admin> {
  const transport = await openTransport({ address: `unix:${join(stateDir, "admin.sock")}`, timeoutMs: 35_000 });
  const client = createClient(adminV1.AdminService, transport);
  return {
    refresh: async () => void (await client.refreshServices({})),
    [Symbol.dispose]: () => transport[Symbol.dispose](),
  };
}
