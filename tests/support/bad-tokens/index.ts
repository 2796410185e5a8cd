import { badAlgorithms } from "./algorithms.ts";
import type { BadTokens, Issuers } from "./bad-token.ts";
import { badAudiences, badIssuers, badMembers, badTimes } from "./claims.ts";
import { badForms } from "./forms.ts";
import { badHeaders } from "./headers.ts";
import { badSignatures } from "./signatures.ts";

export type { BadTokens, Issuers } from "./bad-token.ts";
export { replaceSegment } from "./bad-token.ts";

/** Every token that has to be refused, as of now, group by group. `bait`: a URL nobody may ask. */
export function badTokens(issuers: Issuers, bait = "http://127.0.0.1:9"): readonly BadTokens[] {
  return [
    badAlgorithms(issuers),
    badSignatures(issuers),
    badForms(issuers),
    badHeaders(issuers, bait),
    badAudiences(issuers),
    badIssuers(issuers),
    badTimes(issuers),
    badMembers(issuers),
  ];
}
