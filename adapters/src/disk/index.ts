export { type Lock, takeLock } from "./lock.ts";
export { stateProblem, stateProblems } from "./problems.ts";
export { openStateFolder, type StateFolder } from "./state-folder.ts";
export { type Loaded, openStore, type Store, type StoreOptions } from "./store.ts";
