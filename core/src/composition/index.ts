export { type Prepared, type SubgraphDocument, prepare, sdlLimits } from "./prepare.ts";
