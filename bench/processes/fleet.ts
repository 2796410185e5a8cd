/** One service that stands for all services of the fleet: what the gateway does is measured, not what they do. */
import { runSubgraph, subgraphSchema } from "@catalyst-node/example-subgraph";
import { entityNames, fleetAsOne } from "../fleet.ts";
import { defaultFieldsOf } from "./default-fields.ts";

const services = Number(process.env["FLEET_SERVICES"]);
const versions = (process.env["FLEET_VERSIONS"] ?? "").split(",");
const entities = Object.fromEntries(entityNames(services).map((name) => [name, (reference: unknown) => reference]));

await runSubgraph({
  name: "fleet",
  listen: "127.0.0.1:0",
  schema: () => defaultFieldsOf(subgraphSchema(fleetAsOne(services, versions), {}, entities)),
});
