import { describe, test } from "node:test";
import { startNodeAuth } from "./node-auth.ts";
import { surviveKills } from "./surviving.ts";

describe("catalyst auth", { concurrency: 2 }, () => {
  for (const lane of ["one folder", "another folder"]) {
    test(
      `killed 10 times in ${lane} while it signs, takes back and rotates, it always loads and has lost nothing`,
      {
        timeout: 115_000,
      },
      () => surviveKills(startNodeAuth, 10),
    );
  }
});
