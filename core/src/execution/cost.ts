import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import type { CostRules, ListSize } from "./cost-rules.ts";
import { constant, type Expression, most, sum, times, type Variables } from "./expression.ts";
import { fragmentsOf } from "./fields.ts";

/** What is counted where services declare nothing else. */
const defaultCosts = {
  /** A field that gives an object, an interface or a union; one that gives a leaf costs nothing. */
  object: 1,
  /** Each root field of a mutation, besides. */
  mutation: 10,
  /** The length of a list that nothing tells. */
  listSize: 10,
  /** Arguments that tell how long a list will be. */
  slicingArguments: ["first", "last", "limit"],
} as const;

/** Of what an operation's cost is made. */
export type Costing = { readonly schema: GraphQLSchema; readonly rules: CostRules };

/**
 * What an operation will cost at most, counted without asking anybody: each field that gives an object costs one, below a
 * list as often as the list is said to be long (docs/limits.md has the formula). The document must be valid. Each fragment
 * is counted once; what depends on variables stays to be evaluated.
 */
export function costOf(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  { schema, rules }: Costing,
): Expression {
  const fragments = fragmentsOf(document);
  const known = new Map<Slicing | undefined, Map<string, Expression>>();
  const defaults = new Map(
    (operation.variableDefinitions ?? []).map(
      ({ variable, defaultValue }) => [variable.name.value, defaultValue] as const,
    ),
  );
  const root = schema.getRootType(operation.operation);
  return root
    ? ofSet(operation.selectionSet, root, undefined, operation.operation === OperationTypeNode.MUTATION)
    : constant(0);

  function ofSet(
    { selections }: SelectionSetNode,
    parent: GraphQLNamedType,
    slicing: Slicing | undefined,
    isMutation = false,
  ): Expression {
    const always: Expression[] = [];
    // Of a union's or an interface's objects each is of one type.
    const either = new Map<string, Expression[]>();
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        always.push(ofField(selection, parent, slicing));
        if (isMutation) always.push(constant(defaultCosts.mutation));
        continue;
      }
      const { value: condition } = (selection.kind === Kind.INLINE_FRAGMENT
        ? selection.typeCondition?.name
        : fragments.get(selection.name.value)?.typeCondition.name) ?? { value: parent.name };
      const type = schema.getType(condition);
      if (type === undefined) continue;
      const part =
        selection.kind === Kind.INLINE_FRAGMENT
          ? ofSet(selection.selectionSet, type, slicing, isMutation)
          : ofFragment(selection.name.value, type, slicing, isMutation);
      if (isAbstractType(parent) && isObjectType(type)) either.set(condition, [...(either.get(condition) ?? []), part]);
      else always.push(part);
    }
    const choices = [...either.values()].map(sum);
    return sum(choices.length === 0 ? always : [...always, most(choices)]);
  }

  function ofFragment(
    name: string,
    type: GraphQLNamedType,
    slicing: Slicing | undefined,
    isMutation: boolean,
  ): Expression {
    const fragment = fragments.get(name);
    if (fragment === undefined) return constant(0);
    const ofSlicing = known.get(slicing) ?? new Map<string, Expression>();
    known.set(slicing, ofSlicing);
    const remembered = ofSlicing.get(name);
    if (remembered !== undefined) return remembered;
    const counted = ofSet(fragment.selectionSet, type, slicing, isMutation);
    ofSlicing.set(name, counted);
    return counted;
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType, slicing: Slicing | undefined): Expression {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (field === undefined) return constant(0);
    const type = getNamedType(field.type);
    const what = `${parent.name}.${field.name}`;
    const declared = rules.weights.get(what) ?? rules.weights.get(type.name);
    const weight = declared ?? (isCompositeType(type) ? defaultCosts.object : 0);
    const rule = rules.listSizes.get(what);
    const size = sizeOf(node, field, rule, defaults);
    const isList = isListType(getNullableType(field.type));
    const below = isList ? undefined : slicingBelow(rule, size);
    const inner = node.selectionSet ? ofSet(node.selectionSet, type, below) : constant(0);
    const each = sum([constant(weight), inner]);
    if (!isList) return each;
    // A list of lists: the arguments tell of the outer one.
    const inLists = times(defaultCosts.listSize ** (levelsOf(field.type) - 1), each);
    const sized = slicing !== undefined && (slicing.fields === undefined || slicing.fields.includes(field.name));
    return times(size ?? (sized ? slicing.size : (rule?.assumedSize ?? defaultCosts.listSize)), inLists);
  }
}

/** The size of lists right below a field: of those named, or of all. */
type Slicing = { readonly size: Size; readonly fields: readonly string[] | undefined };
type Size = number | ((variables: Variables) => number);

/** A connection: the field takes the arguments, a list below is what they slice. */
function slicingBelow(rule: ListSize | undefined, size: Size | undefined): Slicing | undefined {
  const fields = rule && rule.sizedFields.length > 0 ? rule.sizedFields : undefined;
  const told = size ?? (fields && rule?.assumedSize);
  return told === undefined ? undefined : { size: told, fields };
}

/** What the slicing arguments of a field say; undefined when they say nothing. */
function sizeOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  rule: ListSize | undefined,
  defaults: ReadonlyMap<string, ValueNode | undefined>,
): Size | undefined {
  const names: readonly string[] = rule?.slicingArguments ?? defaultCosts.slicingArguments;
  const fallback = rule?.assumedSize ?? defaultCosts.listSize;
  const sizes = field.args.flatMap(({ name, defaultValue }): readonly Size[] => {
    if (!names.includes(name)) return [];
    const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (given === undefined) return typeof defaultValue === "number" ? [length(defaultValue, fallback)] : [];
    if (given.kind !== Kind.VARIABLE) return given.kind === Kind.INT ? [length(Number(given.value), fallback)] : [];
    const { value: variable } = given.name;
    const unset = defaults.get(variable);
    const otherwise =
      unset?.kind === Kind.INT ? Number(unset.value) : typeof defaultValue === "number" ? defaultValue : fallback;
    return [(variables) => length(Object.hasOwn(variables, variable) ? variables[variable] : otherwise, fallback)];
  });
  const [first, ...others] = sizes;
  if (first === undefined || others.length === 0) return first;
  return (variables) => Math.max(...sizes.map((size) => (typeof size === "number" ? size : size(variables))));
}

function levelsOf(type: GraphQLOutputType): number {
  const nullable = getNullableType(type);
  return isListType(nullable) ? 1 + levelsOf(nullable.ofType) : 0;
}

function length(value: unknown, fallback: number): number {
  return typeof value === "number" ? Math.min(Math.max(0, value), longest) : fallback;
}

/** Beyond what an Int holds nothing is executed. */
const longest = 2 ** 31;
