import type { ConfigProblemCode } from "./problems.ts";
import type { ParsedConfig } from "./schema.ts";

/** What is wrong between keys. The first key is blamed; a rule is silent when one of its keys is wrong by itself. */
export type Broken = { readonly keys: readonly [string, ...string[]]; readonly message: string };

/** One rule: what must hold between keys that are each valid by themselves. */
export type Rule = { readonly code: ConfigProblemCode; readonly check: (config: ParsedConfig) => readonly Broken[] };
