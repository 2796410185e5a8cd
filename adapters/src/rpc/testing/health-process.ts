/** The health server in a process of its own, so that a test can halt it: tells its address, ends with its parent. */
import { must, serveHealth } from "./server.ts";

const server = must(await serveHealth({ listen: process.argv[2] ?? "" }));
process.stdout.write(`${server.url}\n`);
process.stdin.once("end", () => process.exit()).resume();
