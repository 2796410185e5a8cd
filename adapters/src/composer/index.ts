export { type ComposeOptions, type Composer, startComposer } from "./composer.ts";
