export { readKeyFile, readPassphrase, writeKeyFile } from "./key-file.ts";
export { deriveSecret, makeSecret, type Pseudonyms, pseudonyms, readSecret, writeSecret } from "./pairwise.ts";
export { removePrivate, sweepFolder } from "./private-file.ts";
export { keyProblems } from "./problems.ts";
export { createSigner, type Signer } from "./signer.ts";
export { makeSigningKey, type PublicPart, type SigningKey } from "./signing-key.ts";
