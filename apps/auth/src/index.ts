export type { AuthOptions } from "./options.ts";
export { authProblems } from "./problems.ts";
export { runAuth } from "./run.ts";
