import { parseSync } from "oxc-parser";

/** One module specifier as it stands in a file, type-only imports and dynamic `import("...")` included. */
export type Import = { readonly specifier: string; readonly line: number };

/** Every module that a TypeScript source names. Throws on a dynamic import whose name is not a literal. */
export function importsOf(path: string, source: string): readonly Import[] {
  const { module, errors } = parseSync(path, source, { sourceType: "module" });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const lineAt = (offset: number) => source.slice(0, offset).split("\n").length;
  const fixed = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest ?? [])),
  ].map(({ value, start }) => ({ specifier: value, line: lineAt(start) }));
  const dynamic = module.dynamicImports.map(({ moduleRequest }) => {
    const text = source.slice(moduleRequest.start, moduleRequest.end);
    const literal = /^["']([^"']+)["']$/.exec(text)?.[1];
    if (literal === undefined) throw new Error(`${path}:${lineAt(moduleRequest.start)}: computed import(${text})`);
    return { specifier: literal, line: lineAt(moduleRequest.start) };
  });
  return [...fixed, ...dynamic];
}

/** `Date.now`, `Math.random`, `setTimeout(...)`: names of the world, found in the syntax and not in comments. */
export function worldlyNames(path: string, source: string): readonly string[] {
  const { program } = parseSync(path, source, { sourceType: "module" });
  const found = new Set<string>();
  visit(program, (node) => {
    if (node["type"] === "MemberExpression") {
      const name = `${nameOf(node["object"])}.${nameOf(node["property"])}`;
      if (worldlyMembers.has(name)) found.add(name);
    }
    if (node["type"] === "NewExpression") {
      const made = nameOf(node["callee"]);
      if (worldlyClasses.has(made) || (made === "Date" && isEmpty(node["arguments"]))) found.add(`new ${made}()`);
    }
    // Under another name, or taken apart, it would not be seen any more.
    if (node["type"] === "VariableDeclarator" && worldly.has(nameOf(node["init"]))) found.add(nameOf(node["init"]));
    if (node["type"] === "CallExpression" && worldlyCalls.has(nameOf(node["callee"]))) {
      found.add(nameOf(node["callee"]));
    }
    if (node["type"] === "MemberExpression" && worldlyObjects.has(nameOf(node["object"]))) {
      found.add(nameOf(node["object"]));
    }
  });
  return [...found].toSorted();
}

const worldlyMembers = new Set(["Date.now", "Math.random", "performance.now"]);
const worldlyCalls = new Set(["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch", "require"]);
const worldlyObjects = new Set(["process", "crypto", "console", "globalThis", "Temporal"]);
const worldlyClasses = new Set(["WebSocket", "EventSource", "BroadcastChannel", "MessageChannel"]);
const worldly = new Set([...worldlyCalls, ...worldlyObjects, ...worldlyClasses, "Date", "Math", "performance"]);

type SyntaxNode = Readonly<Record<string, unknown>>;

function visit(value: unknown, see: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see);
  } else if (isNode(value)) {
    see(value);
    for (const child of Object.values(value)) visit(child, see);
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function nameOf(value: unknown): string {
  return isNode(value) && typeof value["name"] === "string" ? value["name"] : "";
}
