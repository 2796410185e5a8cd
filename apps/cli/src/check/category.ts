/** What a check is about, in the order in which one depends on the other. */
export const categories = ["orchestrator", "gateway", "identity", "services", "schema"] as const;
export type Category = (typeof categories)[number];
