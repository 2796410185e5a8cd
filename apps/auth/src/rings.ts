import { type KeyLife, type KeyRing, type Revocation, revoke } from "@catalyst-node/core/trust";

/** Whether a key signs now or will. */
export function isOfUse({ state }: KeyLife): boolean {
  return state !== "retiring";
}

/** Whether time has changed nothing about the keys. */
export function isSameRing(a: KeyRing, b: KeyRing): boolean {
  return (
    a.length === b.length && a.every((key, index) => key.state === b[index]?.state && key.grace === b[index].grace)
  );
}

/** Takes all keys back, with all that they ever signed. Where there is no room for a word the keys are gone all the same. */
export function revokeKeys(
  ring: KeyRing,
  revocations: readonly Revocation[],
  now: number,
  reason: string,
): readonly Revocation[] {
  return ring.reduce((told, { kid, grace }) => {
    const what = { kind: "kid", kid } as const;
    const added = revoke(told, { issuer: "", what, revokedAt: now, until: now + grace, reason }, now);
    return added.ok ? added.value : told;
  }, revocations);
}
