import {
  CharTokenizer,
  DataError,
  type LoadedText,
  NextTokenDataset,
  splitLines,
  trainTestSplit,
} from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { Generator } from '@llm101/random';
import type { Output } from './output.js';
import type { Settings } from './settings.js';

/** A text, made ready for training. */
export interface PreparedData {
  readonly loaded: LoadedText;
  readonly tokenizer: CharTokenizer;
  readonly train: readonly string[];
  readonly val: readonly string[];
  readonly trainSet: NextTokenDataset;
  readonly valSet: NextTokenDataset;
}

/** What {@link prepareData} asks of the settings. */
export type DataSettings = Pick<
  Settings,
  'data' | 'dataSha256' | 'alphabet' | 'valSize' | 'distinct' | 'contextSize' | 'seed'
>;

/** Text → lines → split → tokens → windows. The split draws from a generator of its own. */
export async function prepareData(settings: DataSettings, output: Output): Promise<PreparedData> {
  const { data, dataSha256, alphabet, valSize, distinct, contextSize, seed } = settings;
  const loaded = await loadData(data, output, dataSha256);
  const lines = splitLines(loaded.text);
  const tokenizer = makeTokenizer(alphabet, lines);
  checkLines(loaded, lines, tokenizer);

  const generator = Generator.seeded(seed);
  const { train, test: val } = trainTestSplit(lines, { testSize: valSize, generator, distinct });
  const trainSet = new NextTokenDataset(train, tokenizer, contextSize);
  const valSet = new NextTokenDataset(val, tokenizer, contextSize);
  return { loaded, tokenizer, train, val, trainSet, valSet };
}

/** Loads a text, and says how far a download is. */
export async function loadData(data: string, output: Output, sha256?: string): Promise<LoadedText> {
  const progress = output.progress(`downloading ${data}`);
  try {
    const onProgress = progress.update;
    return await loadText(data, { onProgress, ...(sha256 !== undefined && { sha256 }) });
  } finally {
    progress.end();
  }
}

/** What may stand for the padding: the first that isn't in the alphabet. */
const PADDINGS = ['.', '_', '·', '¶', '␃'];

function makeTokenizer(alphabet: string, lines: readonly string[]): CharTokenizer {
  const used = alphabet === 'auto' ? lines.join('') : alphabet;
  const free = PADDINGS.find((padding) => !used.includes(padding));
  const options = free === undefined ? {} : { padding: free };
  return alphabet === 'auto'
    ? CharTokenizer.fromText(lines, options)
    : CharTokenizer.fromAlphabet(alphabet, options);
}

/** @throws DataError when there is no line, or one holds a character that the tokenizer doesn't know, naming it */
export function checkLines(
  { name, text }: LoadedText,
  lines: readonly string[],
  { alphabet }: CharTokenizer,
): void {
  if (lines.length === 0) {
    throw new DataError(`${name} must have at least one line that isn't empty; got none`);
  }
  const known = new Set(alphabet);
  for (const line of lines) {
    const unknown = Array.from(line).find((character) => !known.has(character));
    if (unknown === undefined) continue;
    const number = text.split(/\r?\n/).indexOf(line) + 1;
    const codePoint = (unknown.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    throw new DataError(
      `${name}, line ${number}: every character must be in the alphabet ${alphabet}; ` +
        `got '${unknown}' (U+${codePoint}); take it out, or pass --alphabet auto`,
    );
  }
}
