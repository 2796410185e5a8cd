import { rpcTransport, type RpcTransport, type RpcTransportOptions } from "@catalyst-node/adapters/rpc";

/** A way to an RPC listener, to be disposed of; throws what is wrong with it. */
export async function openTransport(options: RpcTransportOptions): Promise<RpcTransport> {
  const transport = await rpcTransport(options);
  if (!transport.ok) throw new Error(transport.problems[0]?.message);
  return transport.value;
}
