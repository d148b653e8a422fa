import { DataError, type TextTokenizer } from '@llm101/data';
import { type DataSettings, openTokenizer, UserError } from '@llm101/runs';
import { JsonError, parseJson } from '@llm101/safetensors';
import { readFileWithin } from '@llm101/training/node';
import { describeFileError } from '../terminal/errors.js';

/** As much as a tokenizer's file may have; that of a vocabulary of 128,000 tokens has 9 million. */
const MOST_BYTES = 64_000_000;

/**
 * The tokenizer of a `vocab.json`, a `tokenizer.json` or a run's copy of one.
 *
 * @throws UserError when there is none, or one that isn't supported
 */
export function readTokenizer(
  path: string,
  { examples, normalize }: Pick<DataSettings, 'examples' | 'normalize'>,
): TextTokenizer {
  try {
    const bytes = readFileWithin(path, MOST_BYTES, { pipes: true });
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const json = parseJson(text, { where: 'the file', depth: 16, values: 5_000_000 });
    const lineEnds = examples === 'lines' ? 'separate' : 'characters';
    return openTokenizer(json, { lineEnds, ...(normalize && { normalize }) });
  } catch (cause) {
    if (cause instanceof DataError || cause instanceof JsonError) {
      throw new UserError(`the tokenizer ${path} can't be used: ${cause.message}`, { cause });
    }
    const why = cause instanceof TypeError ? "it isn't UTF-8" : describeFileError(cause);
    throw new UserError(`the tokenizer ${path} can't be read: ${why}; check --tokenizer-file`, {
      cause,
    });
  }
}
