import { acme, Gateway } from "../../apps/gateway/src/testing/gateway.ts";
import { TestCertificates } from "../../tests/support/certificates.ts";
import { temporaryFolder } from "../../tests/support/folder.ts";
import { figuresBeside, inTurns, type Turn, turn } from "../measure/turn.ts";
import { load } from "../measure/load.ts";
import type { LoadJob } from "../processes/load.ts";
import type { Figure, Report } from "../report.ts";
import { bodiesOf, questions } from "../shop/questions.ts";
import { comparedAnswers } from "./query-answers.ts";
import { openShop } from "./query-subjects.ts";

const connections = 50;
const warmUpMs = 12_000;

type Subject = { readonly name: string; readonly job: LoadJob };

/** The small query to one gateway by HTTP and by HTTPS, in turns: over kept connections, and over a new one each. */
export async function https(rounds: number, seconds: number): Promise<readonly Report[]> {
  await using stack = new AsyncDisposableStack();
  const shop = await openShop(stack);
  const folder = stack.use(await temporaryFolder());
  const { certFile, keyFile, ca } = await TestCertificates.in(folder.path);
  const flags = ["--tls-cert-file", certFile, "--tls-key-file", keyFile, "--tls-listen", "127.0.0.1:0"];
  const gateway = stack.use(
    await Gateway.start(["--log-level", "warn", ...flags], { env: { NODE_ENV: "production" } }),
  );
  // On a busy machine some would be turned away.
  await gateway.configure({ identity: acme, ...shop.sections, limits: { requests: { maxLoopDelay: 0 } } });
  const bytes = await comparedAnswers("https", gateway.graphql, questions.small, shop);
  const bodies = bodiesOf(questions.small);
  const job = { url: gateway.graphql, bodies, bytes, connections, milliseconds: seconds * 1_000 };
  const secure = { ...job, url: `${gateway.running.url("graphql-tls")}/graphql`, tls: { ca, http2: false } };
  const kept: readonly Subject[] = [
    { name: "HTTP", job },
    { name: "HTTPS", job: secure },
    { name: "HTTPS, HTTP/2", job: { ...secure, tls: { ca, http2: true } } },
  ];
  const fresh = kept.slice(0, 2).map(({ name, job }) => ({ name, job: { ...job, connectEach: true } }));
  for (const { job } of kept) await load({ ...job, milliseconds: warmUpMs / kept.length });
  const measure = (subjects: readonly Subject[]) => measured(subjects, rounds, gateway.running.pid);
  const setting = `the small query, ${connections} clients, ${seconds} s each, in turns`;
  return [
    { name: "https, kept connections", setting, figures: await measure(kept) },
    { name: "https, a connection for each request", setting, figures: await measure(fresh) },
  ];
}

async function measured(subjects: readonly Subject[], rounds: number, pid: number): Promise<readonly Figure[]> {
  const turns = new Map<string, Turn[]>(subjects.map(({ name }) => [name, []]));
  await inTurns(subjects, rounds, async ({ name, job }) => void turns.get(name)?.push(await turn(job, [pid])));
  return figuresBeside(turns, { base: "HTTP", word: "HTTP's" });
}
