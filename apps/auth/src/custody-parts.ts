import type { Store } from "@catalyst-node/adapters/disk";
import type { KeySettings, Registry } from "@catalyst-node/core/trust";
import type { Held } from "./held.ts";
import type { KeyFolder } from "./key-folder.ts";

/** Where a custody keeps what it holds, and by what its keys live. */
export type CustodyParts = {
  readonly folder: KeyFolder;
  readonly trustStore: Store<Held>;
  readonly tokenStore: Store<Registry>;
  readonly settings: KeySettings;
  readonly now: () => number;
};

/** How keys are rotated; see RotateRequest in auth.proto. */
export type RotateMode = "prepare" | "activate" | "emergency";
