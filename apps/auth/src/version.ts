import manifest from "../package.json" with { type: "json" };

/** The version that the status tells, and that an auth process must have to be adopted. */
export const version: string = manifest.version;
