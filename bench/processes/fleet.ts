/** One service that stands for all services of the fleet: what the gateway does is measured, not what they do. */
import { runSubgraph, subgraphSchema } from "@catalyst-node/example-subgraph";
import { entityNames, type Fleet, fleetAsOne } from "../fleet.ts";
import { defaultFieldsOf } from "./default-fields.ts";

type Settings = { readonly fleet: Fleet; readonly versions: readonly string[] };

const { fleet, versions }: Settings = JSON.parse(process.env["BENCH_FLEET"] ?? "");
const entities = Object.fromEntries(entityNames(fleet).map((name) => [name, (reference: unknown) => reference]));

await runSubgraph({
  name: "fleet",
  listen: "127.0.0.1:0",
  schema: () => defaultFieldsOf(subgraphSchema(fleetAsOne(fleet, versions), {}, entities)),
});
