/**
 * A fenced code block of a page. Behind its language, where GitHub shows nothing of it, stands what is to be done:
 * - `sh`: runs to its end, and has to end well
 * - `sh serve=NAME`: runs on once it has said that it is ready or live; `ends=NAME`: another one is stopped before, as by Ctrl-C
 * - `json file=NAME`: a configuration, to be valid, and to be written to that file
 * - `json answer`: what the block before has to have printed, as JSON
 */
export type Block = {
  /** Of its first line, from 1. */
  readonly line: number;
  readonly language: string;
  readonly words: Readonly<Record<string, string>>;
  readonly text: string;
};

/** All of them, in order. Throws at one that does not end. */
export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split("\n");
  for (let index = 0; index < lines.length; index += 1) {
    const [, indent, info] = /^( *)```(.*)$/.exec(lines[index] ?? "") ?? [];
    if (indent === undefined || info === undefined) continue;
    const end = lines.indexOf(`${indent}\`\`\``, index + 1);
    if (end === -1) throw new Error(`line ${index + 1}: a block that does not end`);
    const [language = "", ...words] = info.trim().split(/ +/);
    blocks.push({
      line: index + 1,
      language,
      words: Object.fromEntries(words.map((word) => [word.split("=")[0], word.slice(word.indexOf("=") + 1)])),
      text: lines
        .slice(index + 1, end)
        .map((line) => line.slice(indent.length))
        .join("\n"),
    });
    index = end;
  }
  return blocks;
}
