import type { TokenRefusal } from "@catalyst-node/core/trust";
import type { TestIssuer } from "../tokens.ts";

/** A token that a gateway for service tokens of acme/west must not take, and why it says so in its log. */
export type BadToken = { readonly name: string; readonly reason: TokenRefusal; readonly token: string };

/** Bad tokens of one kind, and good ones beside them: made the same way, without what is wrong. */
export type BadTokens = {
  readonly good: Readonly<Record<string, string>>;
  readonly bad: readonly BadToken[];
};

/** Two issuers that are trusted: the node's own, and another whose kid may be the same. */
export type Issuers = { readonly own: TestIssuer; readonly partner: TestIssuer };

/** One for each named token, all refused for the same reason. */
export function refusedFor(reason: TokenRefusal, tokens: Readonly<Record<string, string>>): readonly BadToken[] {
  return Object.entries(tokens).map(([name, token]) => ({ name, reason, token }));
}

/** With one of its three segments replaced. */
export function replaceSegment(token: string, place: 0 | 1 | 2, text: string): string {
  return token.split(".").with(place, text).join(".");
}
