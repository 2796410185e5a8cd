import type { Draft, DraftField, DraftObject } from "./draft.ts";
import { baseOf } from "./model.ts";

/** Entities with keys of every form, the fields that subgraphs add to them, and an entity interface. */
export function generateEntities(draft: Draft): void {
  const { random } = draft;
  const entities = Array.from({ length: 1 + random.below(3) }, (_, index) => declareEntity(draft, `E${index}`));
  const withInterface = random.chance(0.4) ? [declareEntityInterface(draft)] : [];
  for (const entity of [...entities, ...withInterface]) {
    for (const place of Object.keys(entity.in)) {
      if (entity.in[place]?.includes("resolvable: false")) continue;
      for (let count = 1 + random.below(2); count > 0; count--) draft.field(entity, [place]);
    }
  }
  for (const entity of entities) {
    if (random.chance(0.4)) declareShared(draft, entity);
    if (random.chance(0.4)) declareOverride(draft, entity);
    if (random.chance(0.3)) hide(draft, entity);
    if (random.chance(0.6)) declareRequires(draft, entity);
    if (random.chance(0.5)) declareProvides(draft, entity, entities);
  }
}

const keySets = [
  ["id"],
  ["id"],
  ["id", "sku"],
  ["id region"],
  ["id", "org { oid }"],
  ["id org { oid }", "sku"],
] as const;
const keyTypes: Readonly<Record<string, string>> = { id: "ID!", sku: "String!", region: "Int!" };

function declareEntity(draft: Draft, name: string): DraftObject {
  const { random } = draft;
  const keys = random.pick(keySets);
  const home = random.pick(draft.subgraphs);
  const places = draft.subgraphs.filter((place) => place === home || random.chance(0.7));
  // Every subgraph leads to the home, which has all keys; so each can be reached from each.
  const own = new Map(places.map((place) => [place, place === home ? keys : random.some(keys, 0.6, 1)] as const));
  const stub = places.find((place) => place !== home && random.chance(0.15));
  const type = draft.object(name, places, (place) =>
    place === stub
      ? `@key(fields: "${own.get(place)?.[0] ?? ""}", resolvable: false)`
      : (own.get(place) ?? []).map((key) => `@key(fields: "${key}")`).join(" "),
  );
  type.keys = keys;
  // Two entities' keys of different types, in one union: the planner renames what would not merge.
  const ofType: Readonly<Record<string, string>> = {
    ...keyTypes,
    id: name === "E1" && random.chance(0.4) ? "String!" : "ID!",
    sku: random.pick(["String!", "String!", "ID!"]),
  };
  if (stub !== undefined) own.set(stub, (own.get(stub) ?? []).slice(0, 1));
  for (const [place, ofPlace] of own) {
    for (const field of new Set(ofPlace.join(" ").match(/\b(?:id|sku|region|org)\b/g))) {
      const known = type.fields.find((each) => each.name === field);
      const key =
        known ?? draft.add(type, { name: field, type: ofType[field] ?? `Org${name}!`, args: [], in: {}, isKey: true });
      key.in[place] = "";
    }
  }
  const nested = [...own].filter(([, ofPlace]) => ofPlace.join().includes("org")).map(([place]) => place);
  if (nested.length > 0) {
    const org = draft.object(`Org${name}`, nested, () => "@shareable");
    draft.add(org, {
      name: "oid",
      type: "ID!",
      args: [],
      in: Object.fromEntries(nested.map((place) => [place, ""])),
      isKey: true,
    });
  }
  return type;
}

/** One subgraph knows the interface's types; others add fields to all of them by `@interfaceObject`. */
function declareEntityInterface(draft: Draft): DraftObject {
  const { random } = draft;
  const home = random.pick(draft.subgraphs);
  const others = draft.subgraphs.filter((place) => place !== home && random.chance(0.6));
  const type = draft.object(
    "M",
    [home, ...others],
    (place) => `@key(fields: "id")${place === home ? "" : " @interfaceObject"}`,
    "interface",
  );
  type.home = home;
  type.keys = ["id"];
  const id: DraftField = {
    name: "id",
    type: "ID!",
    args: [],
    in: Object.fromEntries([home, ...others].map((place) => [place, ""])),
    isKey: true,
  };
  draft.add(type, id);
  for (let index = 0; index < 1 + random.below(3); index++) {
    const member = draft.object(`M${index}`, [home], () => `@key(fields: "id")`);
    member.of = "M";
    member.keys = ["id"];
    member.interfaces[home] = ["M"];
    draft.add(member, { ...id, in: { [home]: "" } });
    if (random.chance(0.7)) draft.field(member, [home]);
  }
  return type;
}

function declareShared(draft: Draft, entity: DraftObject): void {
  const places = draft.random.some(ownPlaces(entity), 0.7, 2);
  if (places.length > 1) draft.field(entity, places);
}

/** A field that moves from one subgraph to another, wholly or for some requests (a label). */
function declareOverride(draft: Draft, entity: DraftObject): void {
  const [from, to] = draft.random.some(ownPlaces(entity), 0.5, 2);
  if (from === undefined || to === undefined) return;
  const field = draft.field(entity, [from, to]);
  const label = draft.random.pick(["", "", `, label: "percent(100)"`, `, label: "percent(0)"`, `, label: "beta"`]);
  field.in = { [from]: "", [to]: `@override(from: "${from}"${label})` };
}

function hide(draft: Draft, entity: DraftObject): void {
  const field = draft.field(entity, [draft.random.pick(ownPlaces(entity))]);
  field.isInaccessible = true;
  for (const place of Object.keys(field.in)) field.in[place] = "@inaccessible";
}

/** A field that is made of other subgraphs' fields of the same entity. */
function declareRequires(draft: Draft, entity: DraftObject): void {
  const { random } = draft;
  const place = random.pick(ownPlaces(entity));
  const candidates = entity.fields.filter((field) => {
    const base = draft.typeOf(field);
    const isKnown = base === undefined ? !baseOf(field.type).startsWith("U") : base.in[place] !== undefined;
    const isAlone =
      Object.keys(field.in).length === 1 && !Object.values(field.in).some((text) => text.startsWith("@external"));
    return (
      field.isKey !== true &&
      field.requires === undefined &&
      isAlone &&
      field.in[place] === undefined &&
      isKnown &&
      !mustBeGiven(field)
    );
  });
  const required = random.some(candidates, 0.5, 1).slice(0, 2);
  const selections = required.flatMap((field) => {
    const selection = selectionOf(draft, field, place, 2);
    return selection === undefined ? [] : [{ field, selection }];
  });
  if (selections.length === 0) return;
  for (const { field } of selections) {
    field.in[place] = "@external";
    steady(draft, field);
  }
  const text = selections.map(({ selection }) => selection).join(" ");
  const field = draft.add(entity, {
    name: `made${entity.fields.length}`,
    type: random.pick(["String", "String!"]),
    args: random.chance(0.2) ? draft.args() : [],
    in: { [place]: `@requires(fields: ${JSON.stringify(text)})` },
    requires: text,
  });
  if (random.chance(0.1)) field.in[place] += ` @tag(name: "made")`;
}

function mustBeGiven({ args }: DraftField): boolean {
  return args.some((text) => text.endsWith("!"));
}

/** `dims { w h }`, `any { ... on V0 { x } }`: every level picks among the leaves and objects that the place knows. */
function selectionOf(draft: Draft, field: DraftField, place: string, depth: number): string | undefined {
  const base = draft.typeOf(field);
  if (base === undefined) return field.name;
  // composer-requires-no-interface-object
  if (depth === 0 || base.in[place] === undefined || base.in[place].includes("@interfaceObject")) return undefined;
  const inner = base.fields.filter(
    (each) =>
      each.in[place] !== undefined &&
      !mustBeGiven(each) &&
      each.requires === undefined &&
      !/@(?:external|override)/.test(Object.values(each.in).join(" ")),
  );
  const known = inner.filter((each) => Object.keys(field.in).every((owner) => each.in[owner] !== undefined));
  const below = [
    ...draft.random.some(known, 0.5, 1).flatMap((each) => selectionOf(draft, each, place, depth - 1) ?? []),
    ...fragmentsOf(draft, field, place, depth),
  ];
  return below.length > 0 ? `${field.name} { ${below.join(" ")} }` : undefined;
}

/** A field that is made of what is behind an interface or a union: its requirement names types. */
export function declareAbstractRequires(draft: Draft): void {
  const { random } = draft;
  for (const entity of draft.entities()) {
    const places = ownPlaces(entity);
    const [owner, place] = random.chance(0.5) ? places : places.toReversed();
    if (owner === undefined || place === undefined || !random.chance(0.4)) continue;
    const abstract = draft.abstractIn([owner, place]);
    if (abstract.length === 0) continue;
    const { name, possible } = random.pick(abstract);
    const field: DraftField = {
      name: `any${entity.fields.length}`,
      type: random.pick(["T", "[T]", "[T!]!"]).replace("T", name),
      args: [],
      in: { [owner]: "" },
      possible,
    };
    const fragments = fragmentsOf(draft, field, place, 2);
    if (fragments.length === 0) continue;
    field.in[place] = "@external";
    draft.add(entity, field);
    steady(draft, field);
    for (const type of possible) for (const each of draft.named(type)?.fields ?? []) steady(draft, each);
    const requires = `${field.name} { ${fragments.join(" ")} }`;
    draft.add(entity, {
      name: `made${entity.fields.length}`,
      type: random.pick(["String", "String!"]),
      args: [],
      in: { [place]: `@requires(fields: ${JSON.stringify(requires)})` },
      requires,
    });
  }
}

/** `... on V0 { x }` of those that an abstract field may be. */
function fragmentsOf(draft: Draft, field: DraftField, place: string, depth: number): readonly string[] {
  const possible = (field.possible ?? []).flatMap((name) => draft.named(name) ?? []);
  return possible.flatMap((type) => {
    const inner = type.fields.filter(
      (each) =>
        each.in[place] !== undefined &&
        Object.keys(field.in).every((owner) => each.in[owner] !== undefined) &&
        !mustBeGiven(each) &&
        each.requires === undefined &&
        !/@(?:external|override)/.test(Object.values(each.in).join(" ")),
    );
    if (inner.length === 0 || type.in[place] === undefined) return [];
    const below = draft.random.some(inner, 0.5, 1).flatMap((each) => selectionOf(draft, each, place, depth - 1) ?? []);
    return below.length > 0 ? [`... on ${type.name} { ${below.join(" ")} }`] : [];
  });
}

function steady(draft: Draft, field: DraftField): void {
  if (field.isSteady) return;
  field.isSteady = true;
  const base = draft.typeOf(field);
  if (base && base.kind === "object") for (const each of base.fields) steady(draft, each);
}

/** A field that leads to an entity and brings one of its fields along, which else another subgraph has. */
function declareProvides(draft: Draft, from: DraftObject, entities: readonly DraftObject[]): void {
  const { random } = draft;
  const place = random.pick(ownPlaces(from));
  const target = random.pick(entities);
  if (target.in[place] === undefined) return;
  const provided = target.fields.find(
    (field) =>
      field.isKey !== true &&
      field.args.length === 0 &&
      field.requires === undefined &&
      field.in[place] === undefined &&
      Object.values(field.in).every((text) => text === "") &&
      draft.typeOf(field) === undefined &&
      !/^[UI]/.test(baseOf(field.type)),
  );
  if (provided === undefined) return;
  provided.in[place] = "@external";
  draft.add(from, {
    name: `to${from.fields.length}`,
    type: random.pick([target.name, `[${target.name}]`]),
    args: [],
    in: { [place]: `@provides(fields: "${provided.name}")` },
  });
}

/** Where the entity is more than a name: it can be resolved there. */
function ownPlaces(entity: DraftObject): readonly string[] {
  return Object.keys(entity.in).filter((place) => !entity.in[place]?.includes("resolvable: false"));
}
