import type { CommandNode, OptionNode } from "../command-tree.ts";

/** Completion for zsh, by `_arguments`: one function a command, descriptions beside the words. */
export function zshCompletion(root: CommandNode): string {
  return `#compdef ${root.name}
# zsh completion for ${root.name}; load it with: source <(${root.name} completion zsh)
${functions(root)}
compdef _${root.name} ${root.name}
`;
}

function functions(node: CommandNode): string {
  return [...node.commands.map(functions), body(node)].join("\n");
}

function body(node: CommandNode): string {
  const specs = [...node.options.flatMap(optionSpecs), ...argumentSpecs(node)];
  const lines = specs.map((spec) => `    ${quoted(spec)}`).join(" \\\n");
  if (node.commands.length === 0) return `${functionName(node)}() {\n  _arguments \\\n${lines}\n}`;
  return `${functionName(node)}() {
  local line state
  local -a words_here=(${node.commands.map(({ name, description }) => quoted(`${name}:${colons(description)}`)).join(" ")})
  _arguments -C \\
${lines}
  case "$state" in
    command) _describe -t commands 'command' words_here ;;
    rest)
      case "\${line[1]}" in
${node.commands.map((child) => `        ${child.name}) ${functionName(child)} ;;`).join("\n")}
      esac ;;
  esac
}`;
}

function argumentSpecs(node: CommandNode): readonly string[] {
  if (node.commands.length > 0) return ["1: :->command", "*::argument:->rest"];
  return node.arguments.map(({ name, choices }, at) =>
    choices.length > 0 ? `${at + 1}:${name}:(${choices.join(" ")})` : `${at + 1}:${name}:_default`,
  );
}

function optionSpecs({ names, description, takesValue, choices }: OptionNode): readonly string[] {
  const value = choices.length > 0 ? `:value:(${choices.join(" ")})` : ":value:_default";
  return names.map((name) => `${name}[${description.replaceAll(/[[\]]/g, "\\$&")}]${takesValue ? value : ""}`);
}

function functionName({ path }: CommandNode): string {
  return `_${path.replaceAll(/[ -]/g, "_")}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function colons(text: string): string {
  return text.replaceAll(":", "\\:");
}
