/**
 * Clients that ask so many times a second, whatever is answered, in a process of its own: without any token, or each
 * time with another whose signature does not hold.
 */
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "undici";

/** Told by stdin. */
export type FloodJob = {
  readonly url: string;
  readonly body: string;
  /** A good one, of which all is kept but its signature. */
  readonly token?: string;
  readonly perSecond: number;
  readonly connections: number;
  readonly milliseconds: number;
};
/** What was answered: how often, by status. */
export type FloodResult = { readonly seconds: number; readonly statuses: Readonly<Record<string, number>> };

const job: FloodJob = JSON.parse(await text(process.stdin));
const { origin, pathname: path } = new URL(job.url);
const signed = job.token?.slice(0, job.token.lastIndexOf("."));
const signature = Buffer.alloc(96, 0x5a);
const statuses: Record<string, number> = {};
const began = performance.now();
let sent = 0;
await Promise.all(Array.from({ length: job.connections }, clientAsks));
const result: FloodResult = { seconds: (performance.now() - began) / 1_000, statuses };
process.stdout.write(`${JSON.stringify(result)}\n`);

async function clientAsks(): Promise<void> {
  const client = new Client(origin, { headersTimeout: 15_000, bodyTimeout: 15_000 });
  const headers = { "content-type": "application/json", accept: "application/json" };
  for (let time = 0; time < job.milliseconds; time = performance.now() - began) {
    if (sent >= (time * job.perSecond) / 1_000) {
      await pause(1);
      continue;
    }
    sent += 1;
    const authorization = signed === undefined ? {} : { authorization: `Bearer ${signed}.${forged(sent)}` };
    const answer = await client.request({
      path,
      method: "POST",
      headers: { ...headers, ...authorization },
      body: job.body,
    });
    statuses[answer.statusCode] = (statuses[answer.statusCode] ?? 0) + 1;
    await answer.body.dump();
  }
  await client.close();
}

function forged(number: number): string {
  signature.writeUInt32BE(number, 60);
  return signature.toString("base64url");
}
