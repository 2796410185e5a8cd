import type { StartAuth } from "./opened.ts";
import { judging } from "./judging.ts";
import { keys } from "./keys.ts";
import { revoking } from "./revoking.ts";
import { signing } from "./signing.ts";
import { surviving } from "./surviving.ts";
import { watching } from "./watching.ts";

/** Tests an auth sidecar against catalyst.auth.v1, whatever it is written in. */
export function authContract(start: StartAuth): void {
  for (const part of [signing, judging, keys, revoking, watching, surviving]) part(start);
}
