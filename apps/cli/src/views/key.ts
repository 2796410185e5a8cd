import { authV1 } from "@catalyst-node/adapters/rpc";
import { enumWord } from "../enum-word.ts";
import type { Answer } from "../read-command.ts";
import { type Column, renderTable } from "../table.ts";
import { formatAge, isoTime, secondsUntil } from "../times.ts";
import { paintState } from "./state.ts";

/** A key of the node as `-o json` shows it; its public half is in `catalyst keys jwks`. */
export type KeyItem = {
  readonly kid: string;
  readonly state: string;
  readonly createdAt: string;
  readonly activatedAt: string;
  readonly retiredAt: string;
  readonly nextAt: string;
  readonly secondsUntilNext: number | null;
};

export function keyItem({ kid, state, ...times }: authV1.Key, now: Date): KeyItem {
  return {
    kid,
    state: enumWord(authV1.Key_StateSchema, state),
    createdAt: isoTime(times.createdAt),
    activatedAt: isoTime(times.activatedAt),
    retiredAt: isoTime(times.retiredAt),
    nextAt: isoTime(times.nextAt),
    secondsUntilNext: secondsUntil(times.nextAt, now) ?? null,
  };
}

export const keyColumns: readonly Column<KeyItem>[] = [
  { title: "KID", text: ({ kid }) => kid },
  { title: "STATE", text: ({ state }) => state, paint: (cell, { state }) => paintState(cell, state) },
  { title: "CREATED", text: ({ createdAt }) => createdAt },
  { title: "ACTIVATED", text: ({ activatedAt }) => activatedAt, wide: true },
  { title: "RETIRED", text: ({ retiredAt }) => retiredAt, wide: true },
  { title: "NEXT", text: nextText },
];

const nextStates: Readonly<Record<string, string>> = {
  prepared: "signs",
  active: "retires",
  retiring: "is removed",
};

function nextText({ state, secondsUntilNext }: KeyItem): string {
  const next = nextStates[state] ?? "changes";
  if (secondsUntilNext === null) return `${next} when asked to`;
  return secondsUntilNext > 0 ? `${next} in ${formatAge(secondsUntilNext)}` : `${next} now`;
}

/** All keys of a node, as every command that answers them shows them. */
export function keyList(keys: readonly authV1.Key[], now: Date): Omit<Answer, "exit"> {
  const items = keys.map((key) => keyItem(key, now));
  return { kind: "KeyList", items, text: (style) => renderTable(keyColumns, items, style) };
}
