import type { OwnTrust } from "@catalyst-node/core/node";
import { allClasses, type Revocation, trustBounds, type VerificationKey } from "@catalyst-node/core/trust";

/** Reads what auth told an earlier process; undefined when it is not that. Only public keys are ever kept. */
export function parseOwnTrust(value: unknown): OwnTrust | undefined {
  if (!isRecord(value) || !isRecord(value["issuer"])) return undefined;
  const { issuer, keys } = value["issuer"];
  const { revocations, version } = value;
  if (typeof issuer !== "string" || !isListOf(keys, isKey, trustBounds.keys)) return undefined;
  if (!isListOf(revocations, isRevocation, trustBounds.revocations) || !isNumber(version)) return undefined;
  return { issuer: { issuer, keys }, revocations, version };
}

function isKey(value: unknown): value is VerificationKey {
  if (!isRecord(value) || !areTexts(value, ["kid", "x", "y"])) return false;
  const { classes: allowed, notAfter } = value;
  return Array.isArray(allowed) && allowed.every(isClass) && isNumberOrAbsent(notAfter);
}

function isClass(name: unknown): boolean {
  return allClasses.some((one) => one === name);
}

function isRevocation(value: unknown): value is Revocation {
  if (!isRecord(value) || !areTexts(value, ["issuer", "reason"])) return false;
  return isWhat(value["what"]) && isNumber(value["revokedAt"]) && isNumberOrAbsent(value["until"]);
}

function isWhat(what: unknown): boolean {
  if (!isRecord(what)) return false;
  switch (what["kind"]) {
    case "jti":
    case "kid":
      return areTexts(what, [what["kind"]]);
    default:
      return what["kind"] === "issuedBefore" && isNumber(what["at"]);
  }
}

function areTexts(record: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean {
  return keys.every((key) => typeof record[key] === "string");
}

function isListOf<Item>(
  value: unknown,
  isOne: (item: unknown) => item is Item,
  most: number,
): value is readonly Item[] {
  return Array.isArray(value) && value.length <= most && value.every(isOne);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isNumberOrAbsent(value: unknown): boolean {
  return value === undefined || isNumber(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
