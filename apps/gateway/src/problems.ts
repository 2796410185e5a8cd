import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** Why a gateway is not ready, or refuses a section of its configuration: code -> cause and mend. */
export const gatewayProblems = {
  "CAT-GATEWAY-001": {
    cause: "No identity has been applied yet.",
    mend: "The orchestrator sends it; is one running, and does it reach this gateway?",
  },
  "CAT-GATEWAY-002": {
    cause: "No schema has been applied yet.",
    mend: "The orchestrator sends it once it has composed one; `catalyst services` shows what hinders it.",
  },
  "CAT-GATEWAY-003": {
    cause: "No endpoints have been applied yet.",
    mend: "The orchestrator sends them with the schema.",
  },
  "CAT-GATEWAY-004": {
    cause: "The process is stopping.",
    mend: "Ask another gateway, or this one after its restart.",
  },
  "CAT-GATEWAY-005": {
    cause: "Requests need a token, and no key is known to verify one with.",
    mend: "The orchestrator sends the keys of auth and of gateway.auth.issuers; `catalyst status` shows how auth is.",
  },
  "CAT-GATEWAY-010": {
    cause: "A configuration came without a revision.",
    mend: "Send revision.epoch and revision.number, each push with a greater one.",
  },
  "CAT-GATEWAY-011": {
    cause: "The same revision came again with another content.",
    mend: "Send changed content with a greater revision.",
  },
  "CAT-GATEWAY-020": {
    cause: "The organization or the node is no lower-case DNS label.",
    mend: "Use 1 to 63 of a-z, 0-9 and hyphen, no hyphen at either end.",
  },
  "CAT-GATEWAY-021": {
    cause: "The configuration is another node's.",
    mend: "Stop the gateway that serves the other node, or give this node a gateway of its own.",
  },
  "CAT-GATEWAY-030": {
    cause: "The schema is larger than allowed.",
    mend: "Publish fewer or smaller services; the limit is 8 MiB.",
  },
  "CAT-GATEWAY-031": {
    cause: "The schema is no supergraph: it lacks the link to the Apollo join specification, or its enum join__Graph.",
    mend: "Send what a Federation 2 composer has written, not a service's own SDL.",
  },
  "CAT-GATEWAY-040": {
    cause: "An endpoint's URL cannot be called.",
    mend: "Use http or https, without credentials and fragment.",
  },
  "CAT-GATEWAY-041": {
    cause: "A service is named twice, or has no name.",
    mend: "Send one entry for each service, with the name it has in the supergraph.",
  },
  "CAT-GATEWAY-042": {
    cause: "There are more services or endpoints than allowed.",
    mend: "At most 1,000 services, and 16 endpoints for each.",
  },
  "CAT-GATEWAY-050": {
    cause: "No worker process serves at this moment.",
    mend: "They are started again by themselves; the log says why they ended.",
  },
  "CAT-GATEWAY-051": {
    cause: "A worker was told to serve what it has not built.",
    mend: "It is ended and started again by itself; please report it.",
  },
  "CAT-GATEWAY-052": {
    cause: "Every worker process ended, twice, while it built the schema.",
    mend: "The log says how; a larger schema may need more memory.",
  },
  "CAT-GATEWAY-053": {
    cause: "A worker process ends again and again before it has served.",
    mend: "The log says why.",
  },
  "CAT-GATEWAY-060": {
    cause: "A limit is out of range.",
    mend: "The configuration reference has each key's range; 0 means no limit only where it says so.",
  },
  "CAT-GATEWAY-070": {
    cause: "A registered operation has no text, or an id that is empty, too long or another's.",
    mend: "Give each an id of its own of 1 to 256 characters, and its text.",
  },
  "CAT-GATEWAY-071": {
    cause: "There are more registered operations, or more text, than allowed.",
    mend: "At most 10,000 operations and 4 MiB of text.",
  },
  "CAT-GATEWAY-072": {
    cause: "There are more issuers, keys, revocations or services that are told who asks than allowed.",
    mend: "At most 64 issuers with 32 keys each, 10,000 revocations and 1,000 services.",
  },
  "CAT-GATEWAY-073": {
    cause: "An issuer is named twice, or its name is none.",
    mend: "Name each once, by 1 to 256 visible ASCII characters.",
  },
  "CAT-GATEWAY-074": {
    cause:
      "A key cannot be used: its kid, its point on P-384 or its end is none, or its kid is another's of the issuer.",
    mend: "Send x and y of a JWK on P-384, each with a kid of 1 to 128 visible ASCII characters.",
  },
  "CAT-GATEWAY-075": {
    cause: "A revocation names neither a token, nor a key, nor a time.",
    mend: "Send exactly one of jti, kid and issued_before, each of at most 256 visible ASCII characters.",
  },
  "CAT-GATEWAY-076": {
    cause: "An audience, or the address where tokens are signed, is none; or a service is named twice.",
    mend: "Audiences have 1 to 256 visible ASCII characters; the address is unix:PATH, http://host:port or https://host:port.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

/** A problem of the gateway: its cause (or a closer word for it), and what to do. */
export function gatewayProblem(
  code: keyof typeof gatewayProblems,
  path = "",
  what: string = gatewayProblems[code].cause,
): Problem {
  return { code, path, message: `${what} ${gatewayProblems[code].mend}` };
}
