import { gatewayV1, type orchestratorV1 } from "@catalyst-node/adapters/rpc";
import { enumWord } from "../enum-word.ts";

/** Whom the gateway is told to answer, as `-o json` shows it. */
export type TrustItem = {
  /** "off", "optional", "required". */
  readonly mode: string;
  readonly audience: string;
  readonly issuers: readonly { readonly issuer: string; readonly kids: readonly string[] }[];
  readonly revocations: number;
};

export function trustItem({ mode, audience, issuers, revocations }: orchestratorV1.TrustView): TrustItem {
  return {
    mode: enumWord(gatewayV1.TrustSection_ModeSchema, mode),
    audience,
    issuers: issuers.map(({ issuer, kids }) => ({ issuer, kids })),
    revocations,
  };
}

/** "required, for acme/west", and how many issuers' tokens are taken. */
export function trustText({ mode, audience, issuers }: TrustItem): string {
  if (mode === "off") return "off: whoever can reach the gateway is answered";
  return `${mode}, for ${audience}, of ${issuers.length} issuer${issuers.length === 1 ? "" : "s"}`;
}
