import { runSubgraph } from "@catalyst-node/example-subgraph";
import { inventorySchema } from "./service.ts";

await runSubgraph({ name: "inventory", listen: "127.0.0.1:4003", schema: inventorySchema });
