export { createSdlFetcher, type SdlFetcher } from "./fetch.ts";
export { serviceProblems } from "./problems.ts";
