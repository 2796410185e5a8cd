import manifest from "../package.json" with { type: "json" };

/** The version of this command line and of every process that it starts. */
export const version: string = manifest.version;
