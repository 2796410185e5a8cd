import manifest from "../package.json" with { type: "json" };

/** The version that the status tells. */
export const version: string = manifest.version;
