import { readdirSync } from "node:fs";
import { temporaryFolder } from "../../tests/support/folder.ts";
import { load } from "../measure/load.ts";
import { profiled, selfTimes } from "../measure/profile.ts";
import { figure, type Report } from "../report.ts";
import { bodiesOf, type Question, questions } from "../shop/questions.ts";
import { comparedAnswers } from "./query-answers.ts";
import { openShop, ours, type Shop, startOurs } from "./query-subjects.ts";

const shown = 25;

/** Where our gateway spends its CPU on the shop's queries, by function, warmed up. */
export async function profile(seconds: number): Promise<readonly Report[]> {
  await using stack = new AsyncDisposableStack();
  const shop = await openShop(stack);
  const reports: Report[] = [];
  for (const [name, question] of Object.entries(questions))
    reports.push(await profileOf(name, question, shop, seconds));
  return reports;
}

async function profileOf(name: string, question: Question, shop: Shop, seconds: number): Promise<Report> {
  await using folder = await temporaryFolder();
  {
    await using gateway = await startOurs([], profiled(folder.path))(shop);
    const bytes = await comparedAnswers(ours, gateway.url, question, shop);
    const job = { url: gateway.url, bodies: bodiesOf(question), bytes, connections: 50, milliseconds: seconds * 1_000 };
    await load(job);
    await load(job);
  }
  if (readdirSync(folder.path).length === 0) throw new Error("no profile was written");
  return {
    name: `profile, ${name}`,
    setting: `share of the gateway's CPU by function, without what it calls; ${seconds} s`,
    figures: selfTimes(folder.path, seconds)
      .slice(0, shown)
      .map(({ name: of, share }) => figure(of, share * 100, { unit: "%" })),
  };
}
