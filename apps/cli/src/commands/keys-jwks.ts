import { ok } from "@catalyst-node/core/model";
import type { Command } from "commander";
import { exitCode } from "../exit-code.ts";
import { type ReadOptions, answer, readCommand } from "../read-command.ts";
import type { Terminal } from "../terminal.ts";

/** `catalyst keys jwks`: the public keys, as another node takes them by `gateway.auth.issuers[].jwksFile`. */
export function keysJwksCommand(terminal: Terminal): Command {
  return readCommand("jwks", "print the node's public keys as a JWK set (RFC 7517)").action((options: ReadOptions) =>
    answer(terminal, options, async (client) => {
      const { jwksJson } = await client.getJwks({});
      const jwks: unknown = JSON.parse(jwksJson);
      const text = (): string => `${JSON.stringify(jwks, undefined, 2)}\n`;
      return ok({ kind: "JwkSet", items: [jwks], text, exit: exitCode.ok });
    }),
  );
}
