import { runSubgraph } from "@catalyst-node/example-subgraph";
import { productsSchema } from "./service.ts";

await runSubgraph({ name: "products", listen: "127.0.0.1:4001", schema: productsSchema });
