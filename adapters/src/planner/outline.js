/** In characters: below it the whole is read as soon as its outline. */
const worthwhile = 50_000;

/** A use of a join directive with its arguments; what stands in strings may hold parentheses. */
const joins = /(?<!directive) @join__(?:type|field|implements|unionMember)\((?:[^()"]|"(?:[^"\\]|\\.)*")*\)/g;

/**
 * A supergraph without saying which service has what. The schema that clients see is most probably the same, and the
 * planner reads it in a quarter of the time, because it finds nothing to plan. Probably, since a description may hold
 * something that looks like a directive: so what comes of it is only ever used once the whole has shown the same.
 * Undefined where it would not be worth the while.
 *
 * @param {string} sdl
 * @returns {string | undefined}
 */
export function outlineOf(sdl) {
  return sdl.length < worthwhile ? undefined : sdl.replaceAll(joins, "");
}
