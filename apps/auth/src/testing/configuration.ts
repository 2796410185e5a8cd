import type { CustodyConfig } from "../open-custody.ts";

/** Of auth of acme/west, as it is by default but for these settings. */
export function custodyConfig(stateDir: string, auth: Partial<CustodyConfig["auth"]> = {}): CustodyConfig {
  const byDefault = { rotateEvery: 480 * 3_600_000, publishAhead: 1_500_000, maxTokenLifetime: 3_600_000 };
  return { organization: "acme", node: "west", stateDir, auth: { ...byDefault, ...auth } };
}
