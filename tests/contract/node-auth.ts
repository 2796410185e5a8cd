import { Running } from "../support/process.ts";
import { openedBy, type StartAuth } from "./opened.ts";

/** Starts `catalyst auth`. */
export const startNodeAuth: StartAuth = async (stateDir, { publishAheadSeconds } = {}) => {
  const args = ["--organization", "acme", "--node", "west", "--state-dir", stateDir, "--auth-listen", "127.0.0.1:0"];
  const more = publishAheadSeconds === undefined ? [] : ["--auth-publish-ahead", `${publishAheadSeconds}s`];
  return openedBy(await Running.catalyst(["auth", ...args, ...more]));
};
