export { issuersProblems } from "./problems.ts";
export { type KeySource, readKeys } from "./read-keys.ts";
