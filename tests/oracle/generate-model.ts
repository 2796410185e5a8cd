import { declareAbstractRequires, generateEntities } from "./generate-entities.ts";
import { Draft } from "./draft.ts";
import type { Model } from "./model.ts";
import type { Random } from "./random.ts";

/** A random graph over two to five subgraphs that composes by construction. */
export function generateModel(random: Random): Model {
  const subgraphs = ["a", "b", "c", "d", "e"].slice(0, random.pick([2, 2, 3, 3, 4, 5]));
  const draft = new Draft(random, subgraphs);
  declareLeaves(draft);
  declareValues(draft);
  generateEntities(draft);
  declareAbstract(draft);
  declareAbstractRequires(draft);
  declareRoots(draft);
  return draft.model();
}

function declareLeaves(draft: Draft): void {
  const hidden = draft.random.chance(0.3) ? " BLACK @inaccessible" : "";
  draft.text("Color", `enum Color { RED GREEN BLUE${hidden} }`, "enum Color { RED GREEN BLUE }");
  draft.text("Json", "scalar Json");
  draft.text(
    "Filter",
    `input Filter { text: String = "x", color: Color = RED, ids: [ID!], sub: Filter, n: Int! = 3, grid: [[Int!]] }`,
  );
}

/** Value types: the same in each subgraph that has them. */
function declareValues(draft: Draft): void {
  const { random } = draft;
  for (let index = 0; index < random.below(4); index++) {
    const places = random.some(draft.subgraphs, 0.5, 1);
    const shareable = places.length > 1 || random.chance(0.3);
    const type = draft.object(`V${index}`, places, () => (shareable ? "@shareable" : ""));
    for (let count = 1 + random.below(3); count > 0; count--) draft.field(type, places);
  }
}

/** Interfaces and unions, each over the types that its subgraphs know. */
function declareAbstract(draft: Draft): void {
  const { random } = draft;
  for (let index = 0; index < random.below(3); index++) {
    const name = `I${index}`;
    const members = new Map(
      random
        .some(draft.subgraphs, 0.4, 1)
        .map((place) => [place, random.some(draft.resolvableIn(place), 0.6, 1)] as const),
    );
    const places = [...members].filter(([, types]) => types.length > 0).map(([place]) => place);
    if (places.length === 0) continue;
    const common = { name: `common${index}`, ...draft.leafType() };
    const type = draft.object(name, places, () => "", "interface");
    draft.add(type, { ...common, in: Object.fromEntries(places.map((place) => [place, ""])) });
    for (const [place, types] of members) {
      for (const member of types) {
        draft.implement(member, name, place);
        draft.share(member, common, place);
      }
    }
  }
  for (let index = 0; index < random.below(3); index++) {
    const places = random.some(draft.subgraphs, 0.4, 1).filter((place) => draft.objectsIn(place).length > 0);
    draft.union(
      `U${index}`,
      Object.fromEntries(
        places.map((place) => [place, random.some(draft.objectsIn(place), 0.6, 1).map(({ name }) => name)]),
      ),
    );
  }
}

function declareRoots(draft: Draft): void {
  const { random, subgraphs } = draft;
  const query = draft.object("Query", subgraphs, () => "");
  for (const place of subgraphs) {
    for (let count = random.below(3) + (place === "a" ? 1 : 0); count > 0; count--) {
      const also = random.chance(0.1) ? random.some(subgraphs, 0.4) : [];
      draft.field(query, [...new Set([place, ...also])], { composite: true });
    }
  }
  if (random.chance(0.6)) {
    const places = random.some(subgraphs, 0.5, 1);
    const mutation = draft.object("Mutation", places, () => "");
    for (const place of places)
      for (let count = 1 + random.below(2); count > 0; count--) draft.field(mutation, [place]);
  }
}
