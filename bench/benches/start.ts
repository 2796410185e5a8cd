import { temporaryFolder } from "../../tests/support/folder.ts";
import { Running } from "../../tests/support/process.ts";
import { devFlags, offeredQuery, startToAnswer } from "../measure/dev-node.ts";
import { commandOf, descendantsOf, memoryOf } from "../measure/memory.ts";
import { median } from "../measure/statistics.ts";
import { type Figure, figure, figureOf, type Report } from "../report.ts";

const mebibyte = 2 ** 20;

const yoga = () =>
  startToAnswer(
    () => Running.file("bench/processes/yoga.ts"),
    () => "{ __typename }",
  );

/** `npm start` when nothing has to be fetched or compiled any more, in turns with a bare Yoga. */
export async function start(rounds: number): Promise<Report> {
  await using folder = await temporaryFolder();
  const node = () =>
    startToAnswer(() => Running.file("apps/cli/src/catalyst.js", ["dev", ...devFlags(folder.path)]), offeredQuery);
  // The first of each fills the caches.
  for (const { running } of [await node(), await yoga()]) await running.stop();
  const nodes: { readonly ready: number; readonly answered: number }[] = [];
  const yogas: number[] = [];
  let memory: readonly Figure[] = [];
  for (let round = 0; round < rounds; round++) {
    const bare = await yoga();
    await bare.running.stop();
    yogas.push(bare.answered);
    const whole = await node();
    nodes.push(whole);
    if (round === rounds - 1) memory = memoryFigures(whole.running);
    await whole.running.stop();
  }
  const answered = nodes.map((times) => times.answered);
  return {
    name: "start",
    setting: "catalyst dev: orchestrator, gateway, auth, three example services; caches warm",
    figures: [
      figureOf("start to first federated answer", answered, { unit: "ms", aim: { atMost: 1_500 } }),
      figureOf(
        "start to ready line (a federated answer in it)",
        nodes.map(({ ready }) => ready),
        { unit: "ms" },
      ),
      figureOf("bare Yoga, start to { __typename }", yogas, { unit: "ms" }),
      figure("whole node / bare Yoga", median(answered) / median(yogas), { unit: "" }),
      ...memory,
    ],
  };
}

function memoryFigures(node: Running): readonly Figure[] {
  const processes = [{ pid: node.pid, command: commandOf(node.pid) }, ...descendantsOf(node.pid)].flatMap((found) => {
    const memory = memoryOf(found.pid);
    return memory === undefined ? [] : [{ ...memory, name: nameOf(found.command) }];
  });
  const sum = processes.reduce((total, { pss }) => total + pss, 0);
  return [
    ...processes.flatMap(({ name, rss, private: own }) => [
      figure(`RSS of ${name}`, rss / mebibyte, { unit: "MiB" }),
      figure(`  its own, shared with nobody`, own / mebibyte, { unit: "MiB" }),
    ]),
    figure(`whole node, ${processes.length} processes: PSS`, sum / mebibyte, { unit: "MiB" }),
  ];
}

function nameOf(command: string): string {
  const names = [
    ["composer", /composer\/child/],
    ["planner", /planner\/child/],
    ["gateway", / gateway /],
    ["auth", / auth /],
    ["orchestrator", / dev /],
  ] as const;
  return names.find(([, pattern]) => pattern.test(command))?.[0] ?? /(\w+)\/src\/main/.exec(command)?.[1] ?? command;
}
