export { type Invocation, defaultFile, readConfigSources } from "./read-config-sources.ts";
