import { runSubgraph } from "@catalyst-node/example-subgraph";
import { reviewsSchema } from "./service.ts";

await runSubgraph({ name: "reviews", listen: "127.0.0.1:4002", schema: reviewsSchema });
