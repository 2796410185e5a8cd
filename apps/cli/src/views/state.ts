import { styleText } from "node:util";

const colors: Readonly<Record<string, "green" | "yellow" | "red">> = {
  serving: "green",
  ready: "green",
  connected: "green",
  good: "green",
  active: "green",
  prepared: "yellow",
  retiring: "yellow",
  ok: "green",
  stale: "yellow",
  pending: "yellow",
  connecting: "yellow",
  warning: "yellow",
  unconfigured: "yellow",
  stopping: "yellow",
  expired: "yellow",
  revoked: "red",
  quarantined: "red",
  "not ready": "red",
  error: "red",
};

/** Paints a text by the state that it tells: good, doubtful or bad. The word itself always says it too. */
export function paintState(text: string, state: string): string {
  const color = colors[state];
  return color ? styleText(color, text, { validateStream: false }) : text;
}
