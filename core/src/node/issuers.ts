import { formatProblem, type Problem } from "../model/index.ts";
import type { TrustedIssuer, VerificationKey } from "../trust/index.ts";
import { nodeProblem } from "./problems.ts";
import { tell } from "./services.ts";
import { type Change, type Node, unchanged } from "./state.ts";

/** The keys of another issuer as its file has them. */
export type IssuerKeys = {
  /** What the configuration calls it. */
  readonly name: string;
  readonly keys: readonly VerificationKey[];
};

/** An issuer whose keys come from a file; `problems`: the file has changed to what cannot be used. */
export type Issuer = TrustedIssuer & { readonly problems: readonly Problem[] };

/** The issuers of the configuration, with the keys that were read at the start. */
export function readIssuers({ gateway }: Node["config"], read: readonly IssuerKeys[]): ReadonlyMap<string, Issuer> {
  const keys = new Map(read.map((issuer) => [issuer.name, issuer.keys]));
  return new Map(
    gateway.auth.issuers.map(({ name, issuer }) => [name, { issuer, keys: keys.get(name) ?? [], problems: [] }]),
  );
}

/** Its file holds other keys; without any, none of its tokens is taken any more. */
export function issuerRead(node: Node, { name, keys }: IssuerKeys): Change {
  const known = node.issuers.get(name);
  if (known === undefined) return unchanged(node);
  const kids = keys.map(({ kid }) => kid).join(", ");
  const message = keys.length === 0 ? "its keys were taken back" : `its keys are ${kids}`;
  return {
    node: withIssuer(node, name, { ...known, keys, problems: [] }),
    effects: [tell("info", "issuer.read", name, message)],
  };
}

/** What cannot be used changes nothing but what is shown: the keys that were read last stay. */
export function issuerRefused(node: Node, name: string, problems: readonly Problem[]): Change {
  const known = node.issuers.get(name);
  if (known === undefined) return unchanged(node);
  const stays = nodeProblem("CAT-NODE-020", `gateway.auth.issuers[${name}]`);
  const told = problems.map((problem) => formatProblem(problem)).join("; ");
  return {
    node: withIssuer(node, name, { ...known, problems: [stays, ...problems] }),
    effects: [tell("error", "issuer.refused", name, `the keys read last stay: ${told}`)],
  };
}

function withIssuer(node: Node, name: string, issuer: Issuer): Node {
  return { ...node, issuers: new Map(node.issuers).set(name, issuer) };
}
