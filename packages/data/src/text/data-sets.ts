import { DataError } from '../errors.js';
import {
  ANSWER_MARK,
  initialSizes,
  parseToyTask,
  type SizedTask,
  toyText,
  toyTasks,
} from './toy-tasks.js';

/** What a run has to know of a data set. */
interface DescribedDataSet {
  /** What it is and whose, in a line. */
  readonly about: string;
  /** What its examples are: a line each, or blocks of one text. */
  readonly examples: 'lines' | 'blocks';
  /** Its characters, where they are known. */
  readonly alphabet?: string;
  /** What each line's answer stands after, where only that is to be learned. */
  readonly answerAfter?: string;
}

/** A text that comes with the package, or is made by it. */
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

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** The texts that `loadText` knows by name; a toy task may have sizes behind its name, which {@link dataSetOf} reads. */
export const dataSets: ReadonlyMap<string, DataSet> = new Map<string, DataSet>([
  [
    'names',
    {
      about: 'English first names in a–z, built in, public domain (Moby Word II)',
      examples: 'lines',
      alphabet: LETTERS,
      text: builtInNames,
    },
  ],
  [
    'makemore-names',
    {
      about: "32,033 first names, the lecture's data set (makemore, MIT)",
      examples: 'lines',
      alphabet: LETTERS,
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
  ...Array.from(
    toyTasks,
    ([name, task]) => [name, dataSetOfTask({ task, sizes: initialSizes(task) })] as const,
  ),
]);

/**
 * The data set that a source names: one of {@link dataSets}, or a toy task of other sizes, `sort:length=5,lines=2000`.
 *
 * @returns nothing where it is another source, such as a path
 * @throws DataError when the sizes of a toy task can't be what they are
 */
export function dataSetOf(source: string): DataSet | undefined {
  const parsed = parseToyTask(source);
  if (parsed === undefined) return dataSets.get(source);
  if ('rule' in parsed) throw new DataError(`the data set must be ${parsed.rule}; got ${source}`);
  return dataSetOfTask(parsed);
}

function dataSetOfTask({ task, sizes }: Pick<SizedTask, 'task' | 'sizes'>): BuiltInDataSet {
  return {
    about: task.about,
    examples: 'lines',
    answerAfter: ANSWER_MARK,
    text: async () => toyText(task, sizes),
  };
}

/** First names of English-speaking countries, one a line; NAMES.md says where they are from. */
async function builtInNames(): Promise<string> {
  // Imported on demand: a page that loads another text doesn't carry them.
  const { NAMES } = await import('./names.js');
  return `${NAMES.replaceAll(' ', '\n')}\n`;
}
