/** How many are kept; a client can ask 2^n of them. */
const maxKept = 16;

/** What is made for a combination: the values of the variables that `@skip` and `@include` ask. */
type Make<Value> = (conditions: ReadonlyMap<string, boolean>) => Value;

/** Answers for given variables, and makes it for each combination of conditions when that is first asked. */
export function forCombinations<Value>(
  conditions: readonly string[],
  make: Make<Value>,
): (variables: Readonly<Record<string, unknown>>) => Value {
  const kept = new Map<string, Value>();
  return (variables) => {
    const combination = conditions.map((name) => (variables[name] === true ? "1" : "0")).join("");
    const known = kept.get(combination);
    if (known !== undefined) return known;
    const made = make(new Map(conditions.map((name) => [name, variables[name] === true] as const)));
    const [oldest] = kept.keys();
    if (kept.size >= maxKept && oldest !== undefined) kept.delete(oldest);
    kept.set(combination, made);
    return made;
  };
}
