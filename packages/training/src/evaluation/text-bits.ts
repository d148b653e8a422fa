import { bitsFromNats } from '@llm101/info-theory';

/** A text that was scored, in several measures. */
export interface TextMeasures {
  readonly tokens: number;
  /** Code points. */
  readonly characters: number;
  /** In UTF-8. */
  readonly bytes: number;
}

/** A loss in measures that don't depend on what a token is. */
export interface TextBits {
  readonly bitsPerCharacter: number;
  readonly bitsPerByte: number;
}

/**
 * A loss by what it costs to write the text: models with other tokenizers can be compared by it, as their losses, nats a token, can't.
 *
 * @param loss - mean cross-entropy of a token, in nats
 * @throws RangeError unless all measures are above 0
 */
export function bitsPerText(loss: number, { tokens, characters, bytes }: TextMeasures): TextBits {
  for (const [name, measure] of Object.entries({ tokens, characters, bytes })) {
    if (measure > 0) continue;
    throw new RangeError(`bitsPerText: ${name} must be above 0; got ${measure}`);
  }
  const bits = bitsFromNats(loss) * tokens;
  return { bitsPerCharacter: bits / characters, bitsPerByte: bits / bytes };
}
