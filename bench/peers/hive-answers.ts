/** The Hive gateway runtime as a second opinion: answers what its parent sends, on the supergraph that came last. */
import { createGatewayRuntime, type GatewayRuntime } from "@graphql-hive/gateway-runtime";
import { unifiedGraphHandler } from "@graphql-hive/router-runtime";

let gateway: GatewayRuntime | undefined;

process.on("message", ({ supergraph, body }: { readonly supergraph?: string; readonly body: string }) => {
  answer(supergraph, body).then(
    (text) => process.send?.({ text }),
    (error: unknown) => process.send?.({ text: JSON.stringify({ errors: [{ message: String(error) }] }) }),
  );
});
process.on("disconnect", () => process.exit());

async function answer(supergraph: string | undefined, body: string): Promise<string> {
  if (supergraph !== undefined) {
    await gateway?.[Symbol.asyncDispose]();
    gateway = createGatewayRuntime({
      supergraph: () => supergraph,
      unifiedGraphHandler,
      logging: false,
      maskedErrors: false,
      landingPage: false,
      graphiql: false,
    });
  }
  const headers = { "content-type": "application/json", accept: "application/json" };
  const response = await gateway?.fetch("http://hive.test/graphql", { method: "POST", headers, body });
  return (await response?.text()) ?? "";
}
