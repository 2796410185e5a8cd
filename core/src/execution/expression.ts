/** A number that may depend on variables: a constant, and terms each so many times. */
export type Expression = { readonly constant: number; readonly terms: ReadonlyMap<Term, number> };

/** A part that variables decide. */
type Term =
  /** As many of something as a list is long. */
  | { readonly kind: "sized"; readonly size: (variables: Variables) => number; readonly of: Expression }
  /** The most of several, of which one will be the case. */
  | { readonly kind: "most"; readonly of: readonly Expression[] };

export type Variables = Readonly<Record<string, unknown>>;

const noTerms: Expression["terms"] = new Map();

export function constant(value: number): Expression {
  return { constant: value, terms: noTerms };
}

export function sum(parts: readonly Expression[]): Expression {
  const terms = new Map<Term, number>();
  let total = 0;
  for (const part of parts) {
    total += part.constant;
    for (const [term, times] of part.terms) terms.set(term, (terms.get(term) ?? 0) + times);
  }
  return { constant: total, terms: terms.size === 0 ? noTerms : terms };
}

/** `of`, as many times as a size that is known, or as variables will tell. */
export function times(size: number | ((variables: Variables) => number), of: Expression): Expression {
  if (typeof size === "function")
    return isZero(of) ? of : { constant: 0, terms: new Map([[{ kind: "sized", size, of }, 1]]) };
  if (size === 0) return constant(0);
  return {
    constant: of.constant * size,
    terms: new Map(of.terms.entries().map(([term, count]) => [term, count * size])),
  };
}

export function most(of: readonly Expression[]): Expression {
  if (of.every(isConstant)) return constant(of.reduce((greatest, { constant: value }) => Math.max(greatest, value), 0));
  return of.length === 1 && of[0] ? of[0] : { constant: 0, terms: new Map([[{ kind: "most", of }, 1]]) };
}

export function isConstant({ terms }: Expression): boolean {
  return terms.size === 0;
}

export function evaluate({ constant: value, terms }: Expression, variables: Variables): number {
  let total = value;
  for (const [term, count] of terms) total += count * valueOf(term, variables);
  return total;
}

function valueOf(term: Term, variables: Variables): number {
  if (term.kind === "most") return Math.max(...term.of.map((each) => evaluate(each, variables)));
  const size = term.size(variables);
  return size === 0 ? 0 : size * evaluate(term.of, variables);
}

function isZero(of: Expression): boolean {
  return isConstant(of) && of.constant === 0;
}
