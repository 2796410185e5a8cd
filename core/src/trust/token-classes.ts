/** Every class of tokens there is. */
export const allClasses = ["service", "internal", "peer", "session", "subject"] as const;

/** What a token is for. A token of one class is never taken for another: each has a `typ` of its own. */
export type TokenClass = (typeof allClasses)[number];

type TokenClassRules = {
  /** The JOSE header's `typ`. */
  readonly typ: string;
  /** In seconds, where nobody asks for less or more. */
  readonly defaultLifetime: number;
  /** In seconds; no verifier takes a token that was made to live longer. */
  readonly maxLifetime: number;
};

/** The longest that a service token may live whatever auth is configured to, in seconds: what durations can say. */
const longestService = 2_147_483;

/** Everything that tells one class from another (docs/identity.md). */
export const tokenClasses: Readonly<Record<TokenClass, TokenClassRules>> = {
  service: { typ: "at+jwt", defaultLifetime: 900, maxLifetime: longestService },
  internal: { typ: "catalyst-internal+jwt", defaultLifetime: 60, maxLifetime: 60 },
  peer: { typ: "catalyst-peer+jwt", defaultLifetime: 60, maxLifetime: 60 },
  session: { typ: "catalyst-session+jwt", defaultLifetime: 60, maxLifetime: 60 },
  subject: { typ: "catalyst-subject+jwt", defaultLifetime: 60, maxLifetime: 60 },
};

/** What clocks may differ by, in seconds. */
export const clockSkew = 5;

/** The longest token that is looked at, in characters. */
export const maxTokenLength = 8192;

/** How long a verifier may wait between two looks for new keys, in milliseconds: a constant of the protocol. */
export const keyRefresh = 300_000;
