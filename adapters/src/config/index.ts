export { readManifestFile } from "./manifest-file.ts";
export { type Invocation, defaultFile, readConfigSources } from "./read-config-sources.ts";
