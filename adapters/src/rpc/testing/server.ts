import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { type Result } from "@catalyst-node/core/model";
import { Health } from "../gen/grpc/health/v1/health_pb.ts";
import { healthRoutes } from "../health.ts";
import { type RpcServer, serveRpc, type ServeRpcOptions } from "../serve.ts";
import { rpcTransport, type RpcTransportOptions } from "../transport.ts";

/** A folder for one test, 0700, gone at its end. */
export async function temporary(): Promise<AsyncDisposable & { readonly path: string; readonly file: WriteFile }> {
  const path = await mkdtemp(join(tmpdir(), "catalyst-rpc-"));
  return {
    path,
    async file(name, text, mode = 0o600) {
      await writeFile(join(path, name), text);
      await chmod(join(path, name), mode);
      return join(path, name);
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

type WriteFile = (name: string, text: string, mode?: number) => Promise<string>;

/** A server that answers health calls: SERVING for "", nothing for other names. */
export function serveHealth(options: Omit<ServeRpcOptions, "routes">): Promise<Result<RpcServer>> {
  return serveRpc({
    ...options,
    routes: (router) =>
      healthRoutes(router, {
        isServing: (service) => (service === "" ? true : undefined),
        changed: (signal) => new Promise((settle) => signal.addEventListener("abort", () => settle())),
      }),
  });
}

/** A client of it, to be disposed. */
export async function healthClient(options: RpcTransportOptions) {
  const transport = must(await rpcTransport({ timeoutMs: 5000, ...options }));
  const client = createClient(Health, transport);
  return {
    check: async (service = "") => (await client.check({ service })).status,
    watch: () => client.watch({}),
    [Symbol.dispose]: () => transport[Symbol.dispose](),
  };
}

export function must<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new Error(result.problems.map(({ code, message }) => `${code} ${message}`).join("; "));
}

export function codes(result: Result<unknown>): readonly string[] {
  return result.ok ? [] : result.problems.map(({ code }) => code);
}
