import { generateKeyPairSync, sign, verify } from "node:crypto";
import { promisify } from "node:util";
import { authV1, createClient } from "@catalyst-node/adapters/rpc";
import { temporaryFolder } from "../../tests/support/folder.ts";
import { Running } from "../../tests/support/process.ts";
import { openTransport } from "../../tests/support/transport.ts";
import { inTurns } from "../measure/turn.ts";
import { median, quantile } from "../measure/statistics.ts";
import { type Figure, figureOf, type Report } from "../report.ts";

/** How many calls are open at any time. */
const callers = 8;
const audience = "acme/west";

type Work = { readonly name: string; readonly call: () => Promise<unknown> };
type Round = { readonly perSecond: number; readonly p50: number; readonly p99: number };

/**
 * Sign and Verify over auth's unix socket, in turns with the same signatures by node:crypto alone. Verify is asked about
 * tokens that it has not seen, and about one that it has; a service token is registered, which a disk waits for.
 */
export async function identity(rounds: number, seconds: number): Promise<Report> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryFolder());
  const flags = ["--organization", "acme", "--node", "west", "--state-dir", path, "--auth-listen", "127.0.0.1:0"];
  const env = { NODE_ENV: "production" };
  const running = stack.use(await Running.catalyst(["auth", ...flags, "--log-level", "warn"], { env }));
  const transport = stack.use(await openTransport({ address: running.url("auth-orchestrator") }));
  const client = createClient(authV1.AuthService, transport);

  const internal = { subject: "reports", actor: audience, audience: "acme/east", scope: ["products"] };
  const signInternal = () => client.sign({ token: { case: "internal", value: internal } });
  const unseen: string[] = [];
  const { token: known } = await signInternal();
  const work: readonly Work[] = [
    { name: "Sign, internal token", call: async () => void unseen.push((await signInternal()).token) },
    {
      name: "Sign, service token",
      call: () => client.sign({ token: { case: "service", value: { subject: "reports", audience } } }),
    },
    { name: "Verify, a new token", call: async () => valid(client.verify({ token: unseen.pop() ?? known })) },
    { name: "Verify, a known token", call: async () => valid(client.verify({ token: known })) },
    ...(await cryptoAlone()),
  ];
  const found = new Map<string, Round[]>(work.map(({ name }) => [name, []]));
  for (const each of work) await round(each, 300);
  await inTurns(work, rounds, async (each) => void found.get(each.name)?.push(await round(each, seconds * 1_000)));
  return {
    name: "identity",
    setting: `catalyst auth over its unix socket, ${callers} calls at a time, ${seconds} s each, in turns`,
    figures: [...found].flatMap(([name, measured]) => figuresOf(name, measured)),
  };
}

/** The signature alone, on node:crypto's threads as auth makes it. */
async function cryptoAlone(): Promise<readonly Work[]> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const input = Buffer.from("x".repeat(400));
  const dsaEncoding = "ieee-p1363";
  const [signs, verifies] = [promisify(sign), promisify(verify)];
  const made = await signs("sha384", input, { key: privateKey, dsaEncoding });
  return [
    { name: "node:crypto sign", call: () => signs("sha384", input, { key: privateKey, dsaEncoding }) },
    { name: "node:crypto verify", call: () => verifies("sha384", input, { key: publicKey, dsaEncoding }, made) },
  ];
}

async function valid(answer: Promise<authV1.VerifyResponse>): Promise<void> {
  const { valid, reason } = await answer;
  if (!valid) throw new Error(`a good token was refused: ${reason}`);
}

async function round({ call }: Work, milliseconds: number): Promise<Round> {
  const times: number[] = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() - began < milliseconds) {
        const sent = performance.now();
        await call();
        times.push(performance.now() - sent);
      }
    }),
  );
  const took = (performance.now() - began) / 1_000;
  return { perSecond: times.length / took, p50: median(times), p99: quantile(times, 0.99) };
}

function figuresOf(subject: string, rounds: readonly Round[]): readonly Figure[] {
  const of = (key: keyof Round) => rounds.map((round) => round[key]);
  return [
    figureOf("calls", of("perSecond"), { subject, unit: "1/s" }),
    figureOf("p50", of("p50"), { subject, unit: "ms" }),
    figureOf("p99", of("p99"), { subject, unit: "ms" }),
  ];
}
