import { countCodePoints, countedPositions, textSize, tokensInMemory } from '@llm101/data';
import type { TextTokenizer, TokenArray, TokenLines } from '@llm101/data';
import { bitsPerText, type Evaluation, type TextBits, type TextMeasures } from '@llm101/training';
import { isStream, type TextPart } from './text-part.js';

/** An evaluation, and its loss in bits a character and a byte. */
export type TextEvaluation = Evaluation & TextBits;

/** Adds what the loss is in bits of the text that was scored. */
export function withTextBits(
  evaluation: Evaluation,
  part: TextPart,
  tokenizer: TextTokenizer,
): TextEvaluation {
  return { ...evaluation, ...textBits(evaluation.loss, part, tokenizer) };
}

/** What a loss, in nats a token, is in bits of the text that was scored. */
export function textBits(loss: number, part: TextPart, tokenizer: TextTokenizer): TextBits {
  return bitsPerText(loss, measuresOf(part, tokenizer));
}

/** How long a text is whose tokens are scored; of lines with an end each, of a character and a byte; where lines have answers, of these. */
function measuresOf(part: TextPart, tokenizer: TextTokenizer): TextMeasures {
  if (isStream(part)) return { tokens: part.tokens.length, ...textSize(part.tokens, tokenizer) };
  const { length, paddingIndex } = part.tokens;
  const tokens = scoredTokens(part.tokens);
  const { characters, bytes } = textSize(tokensInMemory(tokens), tokenizer);
  const end = new TextDecoder().decode(tokenizer.bytesOf(paddingIndex));
  return {
    tokens: tokens.length,
    characters: characters + length * (1 - countCodePoints(end)),
    bytes: bytes + length * (1 - tokenizer.bytesOf(paddingIndex).length),
  };
}

/** What follows each position that counts. */
function scoredTokens(lines: TokenLines): TokenArray {
  const { tokens, starts, answers } = lines;
  if (answers === undefined) return tokens.subarray(1);
  const scored = tokens.slice(0, countedPositions(lines));
  let at = 0;
  for (const [line, first] of answers.entries()) {
    const own = tokens.subarray(first + 1, starts[line + 1] + 1);
    scored.set(own, at);
    at += own.length;
  }
  return scored;
}
