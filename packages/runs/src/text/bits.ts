import { countCodePoints, textSize, type TextTokenizer, tokensInMemory } from '@llm101/data';
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
  return { ...evaluation, ...bitsPerText(evaluation.loss, measuresOf(part, tokenizer)) };
}

/** How long a text is whose tokens are scored; of lines with an end each, of a character and a byte. */
function measuresOf(part: TextPart, tokenizer: TextTokenizer): TextMeasures {
  if (isStream(part)) return { tokens: part.tokens.length, ...textSize(part.tokens, tokenizer) };
  const { tokens, positions, length, paddingIndex } = part.tokens;
  const { characters, bytes } = textSize(tokensInMemory(tokens.subarray(1)), tokenizer);
  const end = new TextDecoder().decode(tokenizer.bytesOf(paddingIndex));
  return {
    tokens: positions,
    characters: characters + length * (1 - countCodePoints(end)),
    bytes: bytes + length * (1 - tokenizer.bytesOf(paddingIndex).length),
  };
}
