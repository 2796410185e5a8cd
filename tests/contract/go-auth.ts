import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { authGoBinary } from "../../scripts/setup/auth-go.ts";
import { Running } from "../support/process.ts";
import { root } from "../support/tree.ts";
import { openedBy, type StartAuth } from "./opened.ts";

const run = promisify(execFile);

/** The digest of the contracts of now, as generate.sh notes it down beside what it makes of them. */
export async function contractsOfAuthGo(): Promise<string> {
  const paths = ["catalyst/auth", "catalyst/common", "grpc"].flatMap((path) => ["--path", `${root}proto/${path}`]);
  const args = ["build", `${root}proto`, "--exclude-source-info", ...paths, "-o", "-#format=binpb"];
  const { stdout } = await run(`${root}node_modules/.bin/buf`, args, { encoding: "buffer", timeout: 60_000 });
  return Buffer.from(await crypto.subtle.digest("SHA-256", stdout)).toString("hex");
}

/** Starts the Go sidecar; its folder is one below, since it wants one that is its own. */
export const startAuthGo: StartAuth = async (folder, { publishAheadSeconds } = {}) => {
  const stateDir = join(folder, "auth");
  const args = ["-organization", "acme", "-node", "west", "-state-dir", stateDir, "-listen", "127.0.0.1:0"];
  const more = publishAheadSeconds === undefined ? [] : ["-publish-ahead", `${publishAheadSeconds}s`];
  return openedBy(await Running.program(authGoBinary, [...args, ...more]));
};
