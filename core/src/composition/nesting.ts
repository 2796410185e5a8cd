/**
 * The deepest nesting of brackets in GraphQL text, strings and comments left out. Counted before anything
 * is parsed, since every walker of a deep document recurses, and the first to overflow is not ours to choose.
 */
export function nestingDepth(sdl: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of sdl.matchAll(/"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|[[({]|[\])}]/g)) {
    if (token === "[" || token === "(" || token === "{") deepest = Math.max(deepest, ++depth);
    else if (token === "]" || token === ")" || token === "}") depth--;
  }
  return deepest;
}
