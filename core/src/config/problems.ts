import type { Problem, ProblemCode } from "../model/index.ts";
import type { Place } from "./place.ts";
import { excerptOf } from "./excerpt.ts";

/** Every problem of this room: why it happens and what to do; docs/reference/errors.md is made from it. */
export const configProblems = {
  "CAT-CONFIG-001": {
    cause:
      "A file that the configuration names cannot be read: it is missing, a folder, not a regular file, or not permitted.",
    mend: "Name a readable file with --config, CATALYST_CONFIG or --set-file; without --config the file catalyst.json is read only if it exists.",
  },
  "CAT-CONFIG-002": {
    cause: "A source is larger than 1 MiB or nested deeper than 32 levels.",
    mend: "Check that the right file was named; no configuration needs that much.",
  },
  "CAT-CONFIG-003": {
    cause: "A source is not JSON: it is empty, breaks off, holds a comment or a trailing comma, or is not UTF-8.",
    mend: "Correct the text at the place told. Configuration is plain JSON, without comments, so that every tool can read it.",
  },
  "CAT-CONFIG-004": {
    cause: "A key does not exist in the configuration.",
    mend: "Correct the spelling; `catalyst config explain` lists every key.",
  },
  "CAT-CONFIG-005": {
    cause: "One JSON object holds a key twice; most parsers silently take the last.",
    mend: "Remove one of the two.",
  },
  "CAT-CONFIG-006": {
    cause: "A value has the wrong type, such as a number where text is expected.",
    mend: "`catalyst config explain PATH` tells the type.",
  },
  "CAT-CONFIG-007": {
    cause:
      "A value has the right type but not an allowed form: a port above 65535, a name that is no DNS label, a bad URL, an unknown word.",
    mend: "Follow the form told in the message.",
  },
  "CAT-CONFIG-008": {
    cause: "A key that has no default is not set by any source.",
    mend: "Set it by file, by its variable or by its flag.",
  },
  "CAT-CONFIG-009": {
    cause: "Two flags give the same key, so that one of them would be ignored.",
    mend: "Give one.",
  },
  "CAT-CONFIG-010": {
    cause: "Two items of one list have the same name in one source.",
    mend: "Rename or remove one; items of different sources are merged by name.",
  },
  "CAT-CONFIG-011": {
    cause: "A flag's value is not written as it must be: key=value pairs for --service, PATH=VALUE for --set.",
    mend: "See the message; `\\,` is a comma inside a value and `\\\\` a backslash.",
  },
  "CAT-CONFIG-012": {
    cause: "A variable of the environment begins with CATALYST_ but names no key.",
    mend: "Correct the spelling or unset it; docs/reference/config.md lists all variables.",
  },
  "CAT-CONFIG-013": {
    cause:
      "A key is one of __proto__, constructor and prototype, which could change the program instead of its settings.",
    mend: "Remove it.",
  },
  "CAT-CONFIG-014": {
    cause: "schema.from and schema.file of a service do not belong together.",
    mend: "Set schema.file exactly when schema.from is file.",
  },
  "CAT-CONFIG-015": {
    cause: "The gateway is remote (gateway.embedded is false) and gateway.rpc.address does not say where it is.",
    mend: "Set gateway.rpc.address.",
  },
  "CAT-CONFIG-016": {
    cause:
      "An RPC of the gateway or of auth is on TCP and anybody who reaches it could configure or sign, or its certificates could not be used.",
    mend: "Use a unix socket, or set its secretFile, or its tls with an https address.",
  },
  "CAT-CONFIG-017": {
    cause: "A unix socket in the state folder would have a longer path than the system can bind (107 bytes).",
    mend: "Choose a shorter stateDir.",
  },
  "CAT-CONFIG-018": {
    cause: "Two listeners of this node use one port.",
    mend: "Give each its own port; 0 lets the system choose.",
  },
  "CAT-CONFIG-020": {
    cause: "gateway.persistedOperations.mode asks for a manifest, and no file is named.",
    mend: "Set gateway.persistedOperations.manifestFile, or the mode to off.",
  },
  "CAT-CONFIG-021": {
    cause:
      "The manifest of persisted operations is not one of Apollo's format, version 1; holds an id twice; or holds a text whose SHA-256 is not its id.",
    mend: "Write it anew with the tool that made it, such as @apollo/generate-persisted-query-manifest; it is not to be edited.",
  },
  "CAT-CONFIG-022": {
    cause: "The manifest of persisted operations is larger than 4 MiB or holds more than 10,000 operations.",
    mend: "Leave operations out that no client in use sends any more.",
  },
  "CAT-CONFIG-023": {
    cause: "Of auth's RPC only one of tls and caller is set.",
    mend: "Set both: caller is the name in the certificate that auth lets in.",
  },
  "CAT-CONFIG-024": {
    cause: "Auth would take the orchestrator's and the gateway's calls at one address and could not tell them apart.",
    mend: "Give each an address of its own, or both tls with a caller of their own.",
  },
  "CAT-CONFIG-025": {
    cause: "Auth is remote and it is not said where it takes calls.",
    mend: "Set auth.rpc.address, and auth.gatewayRpc.address where a service has a subjectToken.",
  },
  "CAT-CONFIG-026": {
    cause: "Tokens are to be verified or signed, and there is nobody whose keys could do it.",
    mend: "Set auth.mode; to verify alone, gateway.auth.issuers. For a subjectToken set gateway.auth.mode, too.",
  },
  "CAT-CONFIG-027": {
    cause: "An issuer has no file of public keys, or two.",
    mend: "Set exactly one of jwksFile and publicKeyFile.",
  },
  "CAT-CONFIG-028": {
    cause: "Two issuers have one name in tokens, or one has this node's own, or there are more than 63.",
    mend: "Name each issuer once; the node's own keys come from auth.",
  },
  "CAT-CONFIG-029": {
    cause: "A key would have to be published before the one that signs before it.",
    mend: "Set auth.publishAhead below auth.rotateEvery.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

export type ConfigProblemCode = keyof typeof configProblems;

/** A problem of the configuration; its `path` begins with the place: file:line:column, flag or variable. */
export type ConfigProblem = Problem & {
  readonly code: ConfigProblemCode;
  /** The key that is meant, so that nothing that follows from this problem is told besides. */
  readonly key?: string;
  /** The line of the source with a caret beneath, for people. Credentials in URLs are masked. */
  readonly excerpt?: string;
};

/** All of what is wrong, or the value. */
export type ConfigResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** A problem of one key at one place. `shown` is the key as that source writes it; empty when the place says it. */
export function problemAt(
  code: ConfigProblemCode,
  place: Place | undefined,
  shown: string,
  message: string,
  key?: string,
): ConfigProblem {
  const excerpt = place && excerptOf(place);
  return {
    code,
    path: [place?.label ?? "", shown].filter((part) => part !== "").join(": "),
    message,
    ...(key === undefined ? {} : { key }),
    ...(excerpt === undefined ? {} : { excerpt }),
  };
}
