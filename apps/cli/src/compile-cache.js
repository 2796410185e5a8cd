import { enableCompileCache } from "node:module";
import { join } from "node:path";

/**
 * Lets Node keep what it compiled, here and in every process that is started from here: a warm start takes
 * half the time. In the user's own cache folder, not in Node's default below /tmp, where another user could plant code.
 * NODE_COMPILE_CACHE chooses another folder, NODE_DISABLE_COMPILE_CACHE=1 turns it off. Where nothing can be
 * written nothing is kept, and all else is the same.
 */
export function keepCompiledCode() {
  const { NODE_COMPILE_CACHE: chosen, XDG_CACHE_HOME: cache, HOME: home } = process.env;
  const base = cache?.startsWith("/") ? cache : home && join(home, ".cache");
  if (chosen || !base) return;
  const folder = join(base, "catalyst", "compiled");
  process.env["NODE_COMPILE_CACHE"] = folder;
  enableCompileCache(folder);
}
