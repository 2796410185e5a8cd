import type { Argument, Command, Option } from "commander";

/** One command of the line as data: what the completion and the reference are made from. */
export type CommandNode = {
  /** From the root, "catalyst status gateway". */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly usage: string;
  readonly arguments: readonly ArgumentNode[];
  readonly options: readonly OptionNode[];
  readonly commands: readonly CommandNode[];
};

type ArgumentNode = { readonly name: string; readonly description: string; readonly choices: readonly string[] };

export type OptionNode = {
  /** "-o, --output <form>", as help shows it. */
  readonly flags: string;
  /** What may be typed: "-o", "--output". */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  readonly defaultText: string;
};

/** Describes a command and everything below it. */
export function describeCommand(command: Command, parentPath = ""): CommandNode {
  const path = parentPath === "" ? command.name() : `${parentPath} ${command.name()}`;
  const help = command.createHelp();
  return {
    path,
    name: command.name(),
    description: command.description(),
    usage: command.usage(),
    arguments: command.registeredArguments.map(describeArgument),
    options: help.visibleOptions(command).map(describeOption),
    commands: help
      .visibleCommands(command)
      .filter((child) => command.commands.includes(child))
      .map((child) => describeCommand(child, path)),
  };
}

function describeArgument(argument: Argument): ArgumentNode {
  return { name: argument.name(), description: argument.description, choices: argument.argChoices ?? [] };
}

function describeOption(option: Option): OptionNode {
  const { defaultValue }: { defaultValue?: unknown } = option;
  return {
    flags: option.flags,
    names: [option.short, option.long].filter((name) => name !== undefined),
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
    defaultText: typeof defaultValue === "string" ? defaultValue : "",
  };
}

/** Every command below, and itself, parents first. */
export function flatten(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(flatten)];
}
