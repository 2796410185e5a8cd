import { dirname, join, normalize } from "node:path/posix";
import { importsOf, worldlyNames } from "./imports.ts";

/**
 * Who may import whom: check and documentation at once. A room of core may import only the rooms to
 * its left; an adapter core and nobody else; an app core, adapters, and what its row names.
 */
const rooms = ["model", "config", "routing", "trust", "supergraph", "composition", "execution", "node"] as const;

const apps: Readonly<Record<string, readonly string[]>> = {
  gateway: [],
  orchestrator: [],
  auth: [],
  // The command line starts the processes: it knows their entry points and the examples that `dev` shows.
  cli: ["gateway", "orchestrator", "auth", "example-products", "example-reviews", "example-inventory"],
};

/** What core may use from outside: pure libraries only. */
const corePackages = new Set(["zod", "graphql", "@humanwhocodes/momoa", "@noble/hashes"]);

/** What stands in only one adapter folder, so that it can be replaced there. */
const ownedPackages: Readonly<Record<string, string>> = {
  "graphql-yoga": "http",
  "@graphql-hive/router-query-planner": "planner",
  "@theguild/federation-composition": "composer",
  "@connectrpc/connect-node": "rpc",
  pino: "log",
  undici: "services",
};

export type Source = { readonly path: string; readonly text: string };

/** Every rule that the given files break, one line each; empty when the tree is as it should be. */
export function violations(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((source) => {
    const home = placeOf(source.path);
    if (home.kind === "outside") return [];
    const test = source.path.endsWith(".test.ts") || source.path.includes("/testing/");
    const imports = importsOf(source.path, source.text).flatMap(({ specifier, line }) => {
      const reason = forbidden(home, source.path, specifier, test);
      return reason === undefined ? [] : [`${source.path}:${line} imports ${specifier}: ${reason}`];
    });
    const world = home.kind === "core" && !test ? worldlyNames(source.path, source.text) : [];
    return [...imports, ...world.map((name) => `${source.path} uses ${name}: core decides and never acts`)];
  });
}

type Inside = { readonly kind: "core" | "adapter" | "app" | "example"; readonly name: string };
type Place = Inside | { readonly kind: "outside"; readonly name: string };

function placeOf(path: string): Place {
  const [top = "", second = "", third = ""] = path.split("/");
  if (top === "core" && second === "src") return { kind: "core", name: third };
  if (top === "adapters" && second === "src") return { kind: "adapter", name: third };
  if (top === "apps") return { kind: "app", name: second };
  if (top === "examples") return { kind: "example", name: second };
  return { kind: "outside", name: top };
}

function targetOf(from: string, specifier: string): Place {
  if (specifier.startsWith(".")) return placeOf(normalize(join(dirname(from), specifier)));
  const own = /^@catalyst-node\/([^/]+)(?:\/([^/]+))?/.exec(specifier);
  if (own === null) return { kind: "outside", name: specifier };
  const [, workspace = "", room = ""] = own;
  if (workspace === "core") return { kind: "core", name: room };
  if (workspace === "adapters") return { kind: "adapter", name: room };
  if (workspace.startsWith("example-")) return { kind: "example", name: workspace.slice("example-".length) };
  return { kind: "app", name: workspace };
}

function forbidden(home: Inside, from: string, specifier: string, test: boolean): string | undefined {
  const target = targetOf(from, specifier);
  switch (home.kind) {
    case "core":
      return forbiddenInCore(home.name, target, test);
    case "adapter":
      return forbiddenInAdapter(home.name, target, test);
    case "app":
      return forbiddenInApp(home.name, target, test);
    case "example":
      return target.kind === "core" || target.kind === "adapter" || target.kind === "app"
        ? "an example is somebody else's service and knows nothing of the node"
        : undefined;
  }
}

function forbiddenInCore(room: string, target: Place, test: boolean): string | undefined {
  if (target.kind === "core") {
    const own = rooms.findIndex((name) => name === room);
    const other = rooms.findIndex((name) => name === target.name);
    if (own === -1) return `core/src/${room} is not in the table of rooms`;
    return other === -1 || other > own ? `${room} may import only rooms to its left: ${rooms.join(" < ")}` : undefined;
  }
  if (target.kind !== "outside") return "core decides: it knows no adapter and no app";
  return test || corePackages.has(packageOf(target.name)) ? undefined : "core uses only pure libraries";
}

function forbiddenInAdapter(folder: string, target: Place, test: boolean): string | undefined {
  if (target.kind === "adapter" && target.name !== folder) return "adapters never import each other";
  if (target.kind === "app") return "an adapter knows no app";
  return target.kind === "outside" && !test ? forbiddenPackage(folder, target.name) : undefined;
}

function forbiddenInApp(app: string, target: Place, test: boolean): string | undefined {
  if (test) return undefined;
  if (target.kind === "app" || target.kind === "example") {
    const name = target.kind === "app" ? target.name : `example-${target.name}`;
    return name === app || apps[app]?.includes(name) ? undefined : `apps/${app} may not import ${name}`;
  }
  return target.kind === "outside" ? forbiddenPackage("", target.name) : undefined;
}

function forbiddenPackage(folder: string, specifier: string): string | undefined {
  const owner = ownedPackages[packageOf(specifier)];
  return owner === undefined || owner === folder ? undefined : `only adapters/src/${owner} may`;
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
