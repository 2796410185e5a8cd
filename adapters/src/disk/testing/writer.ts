import { openStore } from "../store.ts";

/** Writes ever new values until it is killed, each announced on stdout only once it is on the disk. */
const [folder = "", first = "0"] = process.argv.slice(2);
const store = openStore({ folder, kind: "learned", version: 1, parse: (value) => value });
for (let number = Number(first); ; number++) {
  const problem = await store.save({ number, filler: `${number}-`.repeat(20_000) });
  if (problem !== undefined) throw new Error(problem.message);
  process.stdout.write(`${number}\n`);
}
