import { fileURLToPath } from "node:url";

/** What starts this very program again, up to its arguments: an embedded gateway is one more `catalyst`. */
export const ownProgram: readonly [program: string, ...args: string[]] = [
  process.execPath,
  fileURLToPath(new URL("main.ts", import.meta.url)),
];
