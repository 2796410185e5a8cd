import { openCustody } from "../open-custody.ts";
import { custodyConfig } from "./configuration.ts";

/** Rotates, issues and takes back without end until it is killed; what was answered is told on stdout, and only then. */
const [stateDir = "", first = "0"] = process.argv.slice(2);
const opened = await openCustody(custodyConfig(stateDir, { rotateEvery: 0 }));
if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
const { custody } = opened.value;
for (let number = Number(first); ; number++) {
  const now = Date.now();
  const jti = `t${number}`;
  const issuedAt = Math.floor(now / 1000);
  const texts = { subject: "s", clientId: "s", audience: "acme/west", name: "", purpose: "x".repeat(200) };
  const { kid = "" } = custody.active ?? {};
  const kept = await custody.register({ jti, kid, ...texts, scope: [], issuedAt, expiresAt: issuedAt + 3_600 });
  tell("issued", jti, kept.ok);
  const what = { kind: "jti", jti } as const;
  const taken = await custody.revoke({ issuer: "", what, revokedAt: now, until: now + 3_600_000, reason: "" });
  tell("revoked", jti, taken.ok);
  const mode = number % 5 === 0 ? "emergency" : number % 2 === 0 ? "prepare" : "activate";
  const rotated = await custody.rotate(mode, "");
  tell(mode === "prepare" ? "prepared" : "active", custody.active?.kid ?? "", rotated.ok);
}

function tell(what: string, name: string, isKept: boolean): void {
  if (!isKept) throw new Error(`${what} ${name} was not kept`);
  process.stdout.write(`${what} ${name}\n`);
}
