import { type DefinitionNode, TokenKind } from "graphql";
// Behind its front, because `parse` can be done only in one go.
import { Parser } from "graphql/language/parser.js";

/** Parses a document, a definition a step; throws as `parse` does. */
export function* parseInSteps(sdl: string): Generator<undefined, readonly DefinitionNode[]> {
  const parser = new Parser(sdl, { noLocation: true });
  const definitions: DefinitionNode[] = [];
  parser.expectToken(TokenKind.SOF);
  do {
    definitions.push(parser.parseDefinition());
    yield;
  } while (!parser.expectOptionalToken(TokenKind.EOF));
  return definitions;
}
