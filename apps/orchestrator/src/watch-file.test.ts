import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readKeys } from "@catalyst-node/adapters/issuers";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { eventually } from "../../../tests/support/process.ts";
import { makeIssuer } from "../../../tests/support/tokens.ts";
import { watchFile } from "./watch-file.ts";

const partner = makeIssuer({ issuer: "urn:catalyst:partner", kid: "k1" });

test("a changed file is told, also one that replaced it by a rename, and one that cannot be used", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "jwks.json");
  await writeFile(path, JSON.stringify({ keys: [partner.jwk] }));
  const stop = new AbortController();
  const told: string[] = [];
  const watching = watchFile(
    {
      path,
      lookMs: 500,
      read: () => readKeys({ kind: "jwks", path }),
      tell: (read) => told.push(read.ok ? `keys ${read.value.map(({ kid }) => kid).join()}` : "refused"),
    },
    stop.signal,
  );
  const until = (text: string) =>
    eventually(
      async () => told.at(-1),
      (last) => last === text,
      { every: 50 },
    );
  // Its first look is over within a moment; what changes before it would be no change.
  await new Promise((settle) => setTimeout(settle, 100));
  await writeFile(`${path}.new`, JSON.stringify({ keys: [] }));
  await rename(`${path}.new`, path);
  await until("keys ");
  await writeFile(path, "half");
  await until("refused");
  await writeFile(path, JSON.stringify({ keys: [{ ...partner.jwk, kid: "k2" }] }));
  await until("keys k2");
  stop.abort();
  await watching;
});
