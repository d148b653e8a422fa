import { DataError, type TextTokenizer } from '@llm101/data';
import { type DataSettings, lineEndsOf, openTokenizer, UserError } from '@llm101/runs';
import { JsonError } from '@llm101/safetensors';
import type { ReadFileOptions } from '@llm101/training/node';
import { describeFileError } from '../terminal/errors.js';
import { readJson } from '../terminal/json-file.js';

/** The file of a vocabulary of 128,000 tokens has 9 million bytes. */
const MOST = { bytes: 64_000_000, depth: 16, values: 5_000_000 } as const;

/**
 * The tokenizer of a `vocab.json`, a `tokenizer.json` or a run's copy of one.
 *
 * @throws UserError when there is none, or one that isn't supported
 */
export function readTokenizer(
  path: string,
  { examples, normalize }: Pick<DataSettings, 'examples' | 'normalize'>,
  options: ReadFileOptions = {},
): TextTokenizer {
  const lineEnds = lineEndsOf(examples);
  try {
    const json = readJson(path, { ...MOST, ...options });
    return openTokenizer(json, { lineEnds, ...(normalize && { normalize }) });
  } catch (cause) {
    const why =
      cause instanceof DataError || cause instanceof JsonError
        ? `can't be used: ${cause.message}`
        : `can't be read: ${describeFileError(cause)}; check --tokenizer-file`;
    throw new UserError(`the tokenizer ${path} ${why}`, { cause });
  }
}
