/** How long the planner alone takes to read a supergraph (stdin), in ms: no reload can be visible sooner. */
import { text } from "node:stream/consumers";
import { QueryPlanner } from "@graphql-hive/router-query-planner";

const sdl = await text(process.stdin);
const began = performance.now();
const planner = new QueryPlanner(sdl);
process.stdout.write(String(performance.now() - began));
if (planner.consumerSchema === "") process.exitCode = 1;
