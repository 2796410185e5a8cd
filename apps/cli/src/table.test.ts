import assert from "node:assert/strict";
import { test } from "node:test";
import { type Column, plain, renderFields, renderTable } from "./table.ts";

type Row = { readonly name: string; readonly size: number };
const columns: readonly Column<Row>[] = [
  { title: "NAME", text: ({ name }) => name, paint: (cell) => `<${cell}>` },
  { title: "BYTES", text: ({ size }) => String(size), wide: true, number: true },
  { title: "NOTE", text: ({ size }) => (size > 10 ? "big" : "") },
];
const rows = [
  { name: "a", size: 5 },
  { name: "longer", size: 500 },
];

test("a table aligns its columns and leaves no blanks at the end of a line", () => {
  assert.equal(renderTable(columns, rows, { wide: false, color: false }), "NAME    NOTE\na\nlonger  big\n");
});

test("wide shows every column, numbers to the right", () => {
  assert.equal(
    renderTable(columns, rows, { wide: true, color: false }),
    "NAME    BYTES  NOTE\na           5\nlonger    500  big\n",
  );
});

test("colour changes no width", () => {
  assert.match(renderTable(columns, rows, { wide: false, color: true }), /^<a {5}>$/m);
});

test("a table of nothing still has its titles", () => {
  assert.equal(renderTable(columns, [], { wide: false, color: false }), "NAME  NOTE\n");
});

test("fields without a text are left out", () => {
  assert.equal(
    renderFields([
      ["Name", "x"],
      ["Reason", ""],
      ["Export", "no"],
    ]),
    "Name:    x\nExport:  no\n",
  );
});

test("text from elsewhere cannot steer the terminal", () => {
  assert.equal(plain("\u001b[2Jall\r\ngood\u009b0m\u202e"), " [2Jall good 0m ");
});
