import assert from "node:assert/strict";
import { Client } from "../measure/client.ts";
import { bodiesOf, type Question } from "../shop/questions.ts";
import type { Shop } from "./query-subjects.ts";

/** What each answer measures, in bytes, once every one has been found equal to the plain schema's; rejects at the first other. */
export async function comparedAnswers(
  name: string,
  url: string,
  question: Question,
  { services }: Shop,
): Promise<readonly number[]> {
  const bytes: number[] = [];
  for (const body of bodiesOf(question)) {
    const [answer, expected] = [await answerOf(url, body), await answerOf(services.get("whole")?.graphql ?? "", body)];
    assert.deepEqual(answer.json, expected.json, `${name} answers otherwise`);
    bytes.push(answer.bytes);
  }
  return bytes;
}

/** Rejects when there is any error in it. */
export async function answerOf(url: string, body: string): Promise<{ readonly json: unknown; readonly bytes: number }> {
  await using client = new Client(url);
  const { status, text } = await client.send(body);
  const json = JSON.parse(text);
  if (status !== 200 || json.errors !== undefined) throw new Error(text.slice(0, 1_000));
  return { json, bytes: Buffer.byteLength(text) };
}
