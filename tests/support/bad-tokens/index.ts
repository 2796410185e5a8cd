import { badAlgorithms } from "./algorithms.ts";
import type { BadTokens, Issuers } from "./bad-token.ts";
import { badAudiences, badIssuers, badMembers, badTimes } from "./claims.ts";
import { badForms } from "./forms.ts";
import { badHeaders } from "./headers.ts";
import { badSignatures } from "./signatures.ts";

export type { BadTokens, Issuers } from "./bad-token.ts";
export { replaceSegment } from "./bad-token.ts";

/** Every token that has to be refused, by what is wrong with it; made as of now. `bait`: a URL nobody may ask. */
export const badTokens: Readonly<Record<string, (issuers: Issuers, bait: string) => BadTokens>> = {
  algorithm: badAlgorithms,
  signature: badSignatures,
  form: badForms,
  header: badHeaders,
  audience: badAudiences,
  issuer: badIssuers,
  time: badTimes,
  members: badMembers,
};
