import { type CommandNode, type OptionNode, flatten } from "../command-tree.ts";

/** Completion for fish: one `complete` line for each word, shown only where that word may stand. */
export function fishCompletion(root: CommandNode): string {
  return [
    `# fish completion for ${root.name}; load it with: ${root.name} completion fish | source`,
    ...flatten(root).flatMap((node) => linesOf(root, node)),
    "",
  ].join("\n");
}

function linesOf(root: CommandNode, node: CommandNode): readonly string[] {
  const here = `complete -c ${root.name} -n ${quoted(condition(root, node))}`;
  const commands = node.commands.map(({ name, description }) => `${here} -f -a ${name} -d ${quoted(description)}`);
  const choices = node.arguments.flatMap(({ choices }) => choices).map((choice) => `${here} -f -a ${choice}`);
  return commands.concat(
    choices,
    node.options.map((option) => `${here} ${optionWords(option)}`),
  );
}

/** The command path stands on the line, and no deeper command yet. */
function condition(root: CommandNode, node: CommandNode): string {
  if (node === root) return "__fish_use_subcommand";
  const seen = node.path
    .split(" ")
    .slice(1)
    .map((word) => `__fish_seen_subcommand_from ${word}`);
  const deeper = node.commands.map(({ name }) => name).join(" ");
  return [...seen, ...(deeper === "" ? [] : [`not __fish_seen_subcommand_from ${deeper}`])].join("; and ");
}

function optionWords({ names, description, takesValue, choices }: OptionNode): string {
  const words = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = choices.length > 0 ? ["-x", "-a", quoted(choices.join(" "))] : takesValue ? ["-r"] : [];
  return [...words, ...value, "-d", quoted(description)].join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
