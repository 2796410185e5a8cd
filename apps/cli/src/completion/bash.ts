import { type CommandNode, type OptionNode, flatten } from "../command-tree.ts";

/**
 * Completion for bash 4 and later. The script holds the whole tree, so that Tab costs no process; it walks the
 * words typed so far, remembers the deepest command, and offers what may come next there.
 */
export function bashCompletion(root: CommandNode): string {
  const commands = flatten(root);
  return `# bash completion for ${root.name}; load it with: source <(${root.name} completion bash)
_${root.name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="${root.name}" word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$path $word" in
${commands
  .slice(1)
  .map(({ path }) => `      "${path}") path="${path}" ;;`)
  .join("\n")}
    esac
  done
  case "$path:$prev" in
${commands.flatMap(valueCases).join("\n")}
  esac
  case "$path" in
${commands.map(wordCase).join("\n")}
  esac
}
complete -o default -F _${root.name} ${root.name}
`;
}

/** After an option that takes a value: its choices, or nothing of ours, so that bash completes file names. */
function valueCases({ path, options }: CommandNode): readonly string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map((option) => `    ${pattern(path, option)}) ${reply(option.choices)} return ;;`);
}

function pattern(path: string, { names }: OptionNode): string {
  return names.map((name) => `"${path}:${name}"`).join("|");
}

function wordCase({ path, commands, options, arguments: args }: CommandNode): string {
  const words = [
    ...commands.map(({ name }) => name),
    ...args.flatMap(({ choices }) => choices),
    ...options.flatMap(({ names }) => names).filter((name) => name.startsWith("--")),
  ];
  return `    "${path}") ${reply(words)} ;;`;
}

function reply(words: readonly string[]): string {
  return words.length === 0 ? "" : `COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$cur"));`;
}
