import { cpus, loadavg, totalmem } from "node:os";
import { median, quantile } from "./measure/statistics.ts";

/** One line of a result. */
export type Figure = {
  readonly name: string;
  /** Of whom, where several are compared: those are told as one table, a line for each. */
  readonly subject?: string;
  readonly unit: "ms" | "MiB" | "" | "1/s" | "%";
  readonly median: number;
  /** Of several measurements; absent where there was one. */
  readonly spread?: { readonly min: number; readonly p95: number; readonly max: number; readonly count: number };
  /** What the design wants the median to be, at most or at least. */
  readonly aim?: { readonly atMost: number } | { readonly atLeast: number };
};

/** What one benchmark found. */
export type Report = { readonly name: string; readonly setting: string; readonly figures: readonly Figure[] };

type Details = Pick<Figure, "unit" | "aim" | "subject">;

export function figure(name: string, value: number, details: Details): Figure {
  return { name, median: value, ...details };
}

export function figureOf(name: string, values: readonly number[], details: Details): Figure {
  const spread = {
    min: Math.min(...values),
    p95: quantile(values, 0.95),
    max: Math.max(...values),
    count: values.length,
  };
  return { name, median: median(values), spread, ...details };
}

/** The aim and whether it is met; empty where there is none. */
function aimOf({ aim, median }: Figure): string {
  if (aim === undefined) return "";
  const isMet = "atMost" in aim ? median <= aim.atMost : median >= aim.atLeast;
  return `${"atMost" in aim ? `<= ${aim.atMost}` : `>= ${aim.atLeast}`} ${isMet ? "met" : "MISSED"}`;
}

/** A table for people. */
export function formatReports(reports: readonly Report[]): string {
  return reports.map(formatReport).join("\n");
}

function formatReport({ name, setting, figures }: Report): string {
  const single = figures.filter(({ subject }) => subject === undefined);
  const compared = figures.filter(({ subject }) => subject !== undefined);
  const tables = [
    ...(single.length > 0 ? [linesOf(single)] : []),
    ...(compared.length > 0 ? [comparison(compared)] : []),
  ];
  return `${name}: ${setting}\n${tables.map(align).join("")}`;
}

/** A line for each subject, a column for each figure. */
function comparison(figures: readonly Figure[]): readonly (readonly string[])[] {
  const names = [...new Set(figures.map(({ name }) => name))];
  const bySubject = Map.groupBy(figures, ({ subject = "" }) => subject);
  const lines = [...bySubject].map(([subject, own]) =>
    [subject].concat(names.map((name) => cellOf(own.find((figure) => figure.name === name)))),
  );
  return [["", ...names], ...lines];
}

function cellOf(figure: Figure | undefined): string {
  if (figure === undefined) return "";
  const { median, unit, spread, aim } = figure;
  if (unit !== "") return `${round(median)} ${unit}`;
  // Ratios are what is compared: they show how far they can be trusted.
  const range = spread === undefined ? "" : ` (${round(spread.min)} .. ${round(spread.max)})`;
  return `${round(median)}${range}${aim === undefined ? "" : `, ${aimOf(figure)}`}`;
}

function linesOf(figures: readonly Figure[]): readonly (readonly string[])[] {
  const rows = figures.map((line) => {
    const { unit, spread } = line;
    return [
      line.name,
      `${round(line.median)}${unit === "" ? "" : ` ${unit}`}`,
      spread === undefined
        ? ""
        : `${round(spread.min)} .. ${round(spread.p95)} .. ${round(spread.max)} (${spread.count})`,
      aimOf(line),
    ];
  });
  return [["", "median", "min .. p95 .. max (count)", "aim"], ...rows];
}

function align(table: readonly (readonly string[])[]): string {
  const columns = table[0] ?? [];
  const widths = columns.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => `  ${line}\n`).join("");
}

/** One document for machines. */
export function toDocument(reports: readonly Report[]): unknown {
  return { apiVersion: "catalyst/v1", kind: "Benchmark", machine: machine(), items: reports };
}

/** Where it was measured, and how busy that was with other things. */
function machine() {
  const [{ model } = { model: "unknown" }] = cpus();
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  return { cpus: cpus().length, model, memoryGiB, node: process.version, load: loadavg().map(round) };
}

function round(value: number): number {
  const factor = Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 10 ? 10 : 100;
  return Math.round(value * factor) / factor;
}
