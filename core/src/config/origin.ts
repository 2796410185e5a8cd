/** Which source gave a value. `command` is what a command supplies by itself, such as the services of `catalyst dev`. */
export type Origin =
  | { readonly kind: "default" }
  | { readonly kind: "command"; readonly command: string }
  | { readonly kind: "file"; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: "environment"; readonly variable: string }
  | { readonly kind: "flag"; readonly flag: string };

/** `default`, `catalyst.json:5:13`, `CATALYST_GATEWAY_LISTEN` or `--gateway-listen`. */
export function formatOrigin(origin: Origin): string {
  switch (origin.kind) {
    case "default":
      return "default";
    case "command":
      return origin.command;
    case "file":
      return `${origin.file}:${origin.line}:${origin.column}`;
    case "environment":
      return origin.variable;
    case "flag":
      return origin.flag;
  }
}
