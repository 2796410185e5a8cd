/** One service of `bench/words.ts`; it takes its time, so that operations are in flight whenever the schema changes. */
import { setTimeout as pause } from "node:timers/promises";
import { runSubgraph, subgraphSchema } from "@catalyst-node/example-subgraph";
import { sdlOf } from "../words.ts";

const delay = 15;
const { BENCH_WORD: word = "", BENCH_ROLE: role } = process.env;
const slowly = async (): Promise<{ readonly id: string }> => {
  await pause(delay);
  return { id: "1" };
};
const entities = { Book: (reference: unknown) => reference };

await runSubgraph({
  name: "words",
  listen: "127.0.0.1:0",
  schema: () =>
    role === "first"
      ? subgraphSchema(
          sdlOf("first"),
          { Query: { book: slowly }, Mutation: { write: slowly }, Book: { first: () => word } },
          entities,
        )
      : subgraphSchema(sdlOf("second"), { Book: { second: () => word } }, entities),
});
