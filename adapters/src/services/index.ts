export { createSdlFetcher, type SdlFetcher } from "./sdl-fetch.ts";
export { serviceProblems } from "./sdl-problems.ts";
