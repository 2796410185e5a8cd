/** What a token is for, in a word (core/src/trust). */
export const classWords = ["service", "internal", "peer", "session", "subject"] as const;
export type ClassWord = (typeof classWords)[number];
