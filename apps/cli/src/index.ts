export { type CommandNode, describeCommand, flatten } from "./command-tree.ts";
export { buildProgram } from "./program.ts";
