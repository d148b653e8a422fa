/** What a run has to know of a data set. */
interface DescribedDataSet {
  /** What it is and whose, in a line. */
  readonly about: string;
  /** What its examples are: a line each, or blocks of one text. */
  readonly examples: 'lines' | 'blocks';
}

/** A text that comes with the package. */
export interface BuiltInDataSet extends DescribedDataSet {
  /** Loads it, without the network. */
  readonly text: () => Promise<string>;
}

/** A text that is fetched once; its hash makes sure that it is always the same. */
export interface RemoteDataSet extends DescribedDataSet {
  /** Where it is fetched from. */
  readonly url: string;
  /** SHA-256 of the bytes, lower-case hex. */
  readonly sha256: string;
  /** Under which names the Node entry also looks for it in the folder `LLM101_DATA_DIR`. */
  readonly fileNames: readonly string[];
}

/** A text that `loadText` knows by name. */
export type DataSet = BuiltInDataSet | RemoteDataSet;

/** The texts that `loadText` knows by name. */
export const dataSets: ReadonlyMap<string, DataSet> = new Map<string, DataSet>([
  [
    'names',
    {
      about: 'English first names in a–z, built in, public domain (Moby Word II)',
      examples: 'lines',
      text: builtInNames,
    },
  ],
  [
    'makemore-names',
    {
      about: "32,033 first names, the lecture's data set (makemore, MIT)",
      examples: 'lines',
      url: 'https://raw.githubusercontent.com/karpathy/makemore/master/names.txt',
      sha256: '0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d',
      fileNames: ['names.txt', 'makemore-names.txt'],
    },
  ],
  [
    'shakespeare',
    {
      about: 'Tiny Shakespeare, 1,115,394 characters of his plays (char-rnn; public domain)',
      examples: 'blocks',
      url: 'https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt',
      sha256: '86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed',
      fileNames: ['shakespeare.txt', 'tinyshakespeare.txt'],
    },
  ],
]);

/** First names of English-speaking countries, one a line; NAMES.md says where they are from. */
async function builtInNames(): Promise<string> {
  // Imported on demand: a page that loads another text doesn't carry them.
  const { NAMES } = await import('./names.js');
  return `${NAMES.replaceAll(' ', '\n')}\n`;
}
