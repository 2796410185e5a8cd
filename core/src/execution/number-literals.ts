import {
  type ASTNode,
  type ConstValueNode,
  type FloatValueNode,
  type FragmentDefinitionNode,
  getNamedType,
  GraphQLFloat,
  GraphQLID,
  type GraphQLNamedType,
  type GraphQLScalarType,
  type GraphQLSchema,
  type IntValueNode,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  type ValueNode,
  type VariableDefinitionNode,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { isLong, LongNumber } from "./long-number.ts";
import type { Operation } from "./planner-document.ts";

/**
 * Takes long numbers out of an operation's text: the planner cannot read one, or loses its digits. An ID is written as a
 * string, a Float with an exponent, and one for a custom scalar becomes the default of a variable of its own, whose value
 * goes to services as any variable's. The same operation where there is none.
 */
export function liftNumbers(source: Operation, schema: GraphQLSchema): Operation {
  const nodes = [source.operation, ...source.fragments.values()];
  if (!nodes.some(holdsLong)) return source;
  const info = new TypeInfo(schema);
  const lifted = new Map<string, VariableDefinitionNode>();
  const prefix = unusedPrefix(source.operation);

  function lift(type: GraphQLScalarType, defaultValue: ConstValueNode, text: string): ValueNode {
    const key = `${type.name} ${text}`;
    const name = { kind: Kind.NAME, value: `${prefix}${lifted.size}` } as const;
    const definition: VariableDefinitionNode = lifted.get(key) ?? {
      kind: Kind.VARIABLE_DEFINITION,
      variable: { kind: Kind.VARIABLE, name },
      type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type.name } },
      defaultValue,
    };
    lifted.set(key, definition);
    return definition.variable;
  }

  const rewritten = <Node extends OperationDefinitionNode | FragmentDefinitionNode>(node: Node): Node => {
    // Inside a custom scalar's object there are no types: what is found there is part of that scalar.
    const scalars: (GraphQLScalarType | undefined)[] = [];
    const around = {
      enter: () => void scalars.push(customScalar(getNamedType(info.getInputType())) ?? scalars.at(-1)),
      leave: () => void scalars.pop(),
    };
    return visit(
      node,
      visitWithTypeInfo(info, {
        VariableDefinition: () => false,
        Argument: around,
        ObjectField: around,
        IntValue: long,
        FloatValue: long,
      }),
    );
    function long(value: IntValueNode | FloatValueNode): ValueNode | undefined {
      if (!isLong(value.value)) return undefined;
      const type = getNamedType(info.getInputType());
      if (type === GraphQLID) return { kind: Kind.STRING, value: value.value };
      if (type === GraphQLFloat) return { kind: Kind.FLOAT, value: Number(value.value).toExponential() };
      const scalar = customScalar(type) ?? scalars.at(-1);
      return scalar && lift(scalar, value, value.value);
    }
  };
  const fragments = new Map(Array.from(source.fragments, ([name, node]) => [name, rewritten(node)] as const));
  const operation = rewritten(source.operation);
  const variableDefinitions = [...(operation.variableDefinitions ?? []), ...lifted.values()];
  return { operation: { ...operation, variableDefinitions }, fragments };
}

/**
 * A variable's definition as planner and services may read it. Its value is always sent, so a default only has to be of
 * the right type.
 */
export function withoutLongDefault(definition: VariableDefinitionNode): VariableDefinitionNode {
  return visit(definition, { IntValue: shortened, FloatValue: shortened });
}

function shortened<Node extends IntValueNode | FloatValueNode>(node: Node): Node | undefined {
  return isLong(node.value) ? { ...node, value: "0" } : undefined;
}

/** As graphql-js reads a custom scalar's literal, but for the digits. */
export function readLiteral(node: ValueNode, variables?: Parameters<typeof valueFromASTUntyped>[1]): unknown {
  if (node.kind === Kind.LIST) return node.values.map((value) => readLiteral(value, variables));
  if (node.kind === Kind.OBJECT) {
    const entries = node.fields.map(({ name, value }) => [name.value, readLiteral(value, variables)] as const);
    return Object.fromEntries(entries);
  }
  const isNumber = node.kind === Kind.INT || node.kind === Kind.FLOAT;
  return isNumber && isLong(node.value) ? new LongNumber(node.value) : valueFromASTUntyped(node, variables);
}

function holdsLong(node: ASTNode): boolean {
  let found = false;
  const look = ({ value }: { readonly value: string }): void => {
    found ||= isLong(value);
  };
  visit(node, { IntValue: look, FloatValue: look });
  return found;
}

function customScalar(type: GraphQLNamedType | undefined): GraphQLScalarType | undefined {
  return isScalarType(type) && !isSpecifiedScalarType(type) ? type : undefined;
}

function unusedPrefix({ variableDefinitions = [] }: OperationDefinitionNode): string {
  let prefix = "_n";
  while (variableDefinitions.some(({ variable }) => variable.name.value.startsWith(prefix))) prefix = `${prefix}_`;
  return prefix;
}
