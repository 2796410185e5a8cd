/** One column: its title, its text for an item, and whether only `-o wide` shows it. */
export type Column<Item> = {
  readonly title: string;
  readonly text: (item: Item) => string;
  readonly wide?: boolean;
  /** Right-aligned, for numbers. */
  readonly number?: boolean;
  /** Paints the padded cell; the widths do not change. */
  readonly paint?: (cell: string, item: Item) => string;
};

/** How a table is drawn: with every column, with colours. */
export type Style = { readonly wide: boolean; readonly color: boolean };

const gap = "  ";

/** Columns under their titles, one line an item; no borders, so that `awk` and eyes read it alike. */
export function renderTable<Item>(columns: readonly Column<Item>[], items: readonly Item[], style: Style): string {
  const shown = columns.filter((column) => style.wide || !column.wide);
  const cells = items.map((item) => shown.map((column) => plain(column.text(item))));
  const widths = shown.map(({ title }, at) => Math.max(title.length, ...cells.map((row) => row[at]?.length ?? 0)));
  const pad = (text: string, at: number): string =>
    shown[at]?.number ? text.padStart(widths[at] ?? 0) : text.padEnd(at === shown.length - 1 ? 0 : (widths[at] ?? 0));
  const head = shown.map(({ title }, at) => pad(title, at));
  const body = items.map((item, row) =>
    shown.map(({ paint }, at) => {
      const cell = pad(cells[row]?.[at] ?? "", at);
      return paint && style.color ? paint(cell, item) : cell;
    }),
  );
  return [head, ...body].map((line) => `${line.join(gap).trimEnd()}\n`).join("");
}

/** `Name:  text` lines, for one thing in detail; an empty text leaves its line out. */
export function renderFields(fields: readonly (readonly [name: string, text: string])[]): string {
  const shown = fields.filter(([, text]) => text !== "");
  const width = Math.max(...shown.map(([name]) => name.length)) + 1;
  return shown.map(([name, text]) => `${`${name}:`.padEnd(width)}${gap}${plain(text)}\n`).join("");
}

/** Text from elsewhere, on one line and without control characters: a service must not steer the terminal. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
}
