/** One service of the graph of large answers. */
import { schemas } from "../large/graph.ts";
import { serveRemembering } from "./remembering.ts";

serveRemembering(schemas);
