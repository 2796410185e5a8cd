/** One service of the shop. */
import { schemas } from "../shop/schema.ts";
import { serveRemembering } from "./remembering.ts";

serveRemembering(schemas);
