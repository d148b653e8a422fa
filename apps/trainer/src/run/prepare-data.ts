import {
  CharTokenizer,
  type LoadedText,
  NextTokenDataset,
  splitLines,
  trainTestSplit,
} from '@llm101/data';
import { Generator } from '@llm101/random';
import { checkLines } from './check-lines.js';
import { loadData, type LoadingOptions } from '../run-folder/load-data.js';
import type { Settings } from '../settings/settings.js';

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
export async function prepareData(
  settings: DataSettings,
  loading: LoadingOptions,
): Promise<PreparedData> {
  const { data, dataSha256: sha256, alphabet, valSize, distinct, contextSize, seed } = settings;
  const loaded = await loadData(data, { ...loading, ...(sha256 !== undefined && { sha256 }) });
  const lines = splitLines(loaded.text);
  const tokenizer = makeTokenizer(alphabet, lines);
  checkLines({ loaded, lines, tokenizer, remedy: 'take it out, or pass --alphabet auto' });

  const generator = Generator.seeded(seed);
  const { train, test: val } = trainTestSplit(lines, { testSize: valSize, generator, distinct });
  const trainSet = new NextTokenDataset(train, tokenizer, contextSize);
  const valSet = new NextTokenDataset(val, tokenizer, contextSize);
  return { loaded, tokenizer, train, val, trainSet, valSet };
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
