import type { Settings } from '../settings/settings.js';
import {
  after,
  call,
  type Code,
  type Fields,
  number,
  object,
  statement,
  string,
} from './layout.js';
import { isCut, isOfWindows, isRecurrent, rowsOf, SCORED, seenBy } from './rows.js';
import type { TextFacts } from './text-facts.js';

/** What a model learns from and is measured on, in the program's words. */
export interface ExamplesCode {
  /** Statements that make `loader`. */
  readonly loader: readonly string[];
  /** What draws from it without end. */
  readonly batches: Code;
  /** Steps of a pass over the text. */
  readonly passLength: string;
  /** What a validation scores. */
  readonly validation: Code;
  /** Random batches of the training text, which each validation scores before. */
  readonly trainEstimate?: Code;
}

/** How the text in `data` becomes batches, drawn by `generator`. */
export function examplesCode(settings: Settings, facts: TextFacts): ExamplesCode {
  return settings.examples === 'blocks' ? blocksCode(settings, facts) : linesCode(settings, facts);
}

function linesCode(settings: Settings, facts: TextFacts): ExamplesCode {
  const { batchSize, reshuffle, valBatches, contextSize } = settings;
  const isWindows = isOfWindows(settings);
  const layout: Fields = isWindows
    ? { batchSize: number(batchSize), shuffle: shuffleCode(facts.tokens ?? 0) }
    : { ...rowsCode(settings, facts), shuffle: 'true' };
  const name = isWindows ? 'new DataLoader' : 'new SequenceLoader';
  const loader = call(name, 'data.train', object({ ...layout, generator: true }));
  const repeated = object({ reshuffle: reshuffle ? 'true' : undefined });
  const computed =
    isWindows || isRecurrent(settings) ? batchSize : settings.packedRows * settings.packedSize;
  const targets = isRecurrent(settings) ? computed * contextSize : computed;
  return {
    loader: [statement(after('const loader = ', loader))],
    batches: call('new InfiniteLoader', 'loader', repeated),
    passLength: 'batches.passLength()',
    validation: heldLines(settings, facts, valBatches === 'auto' ? 0 : valBatches * targets),
  };
}

/** How whole lines lie in the rows of a batch. */
function rowsCode(settings: Settings, facts: TextFacts): Fields {
  const { rows, width, lookBack } = rowsOf(settings, facts);
  const isOfContext = isRecurrent(settings) || isCut(settings, facts.longestLine);
  const fits = (facts.longestLine ?? Infinity) <= width;
  return {
    packedSize: isOfContext ? 'contextSize' : number(width),
    rows: rows === 1 ? undefined : number(rows),
    lookBack: fits ? undefined : number(lookBack),
  };
}

/** @param most - tokens that are scored, about; 0: all */
function heldLines(settings: Settings, facts: TextFacts, most: number): Code {
  if (most > 0 || isRecurrent(settings) || isCut(settings, facts.longestHeldOut)) {
    return everyToken(settings, 'data.test.lines', most);
  }
  if (isOfWindows(settings)) return call('new NextTokenCounts', 'data.test', 'vocabSize');
  const lookBack = seenBy(settings) - 1;
  const layout = { packedSize: number(Math.max(SCORED, 2 * lookBack)), lookBack: number(lookBack) };
  return call('new SequenceLoader', 'data.test', object(layout));
}

/** Every token of a part of the text, or some. */
function everyToken(settings: Settings, tokens: string, most = 0): Code {
  const { model, examples } = settings;
  // a table of pairs sees one token of each row
  const isNamed = model !== 'bigram' && (examples === 'blocks' || model !== 'wavenet');
  return call(
    'evaluationOf',
    string(model),
    object({ tokens }),
    object({
      tokenizer: true,
      contextSize: isNamed ? true : 'model.contextSize',
      most: most === 0 ? undefined : number(most),
    }),
  );
}

function blocksCode(settings: Settings, facts: TextFacts): ExamplesCode {
  const { contextSize: T, batchSize: B, order, valBatches } = settings;
  const isWindows = isOfWindows(settings);
  const targets = isWindows ? string('last') : undefined;
  const isRandom = order === 'random';
  const stride = isRandom || isWindows ? undefined : 'contextSize';
  const blocksOf = (tokens: string, fields: Fields = {}): Code =>
    call('new BlockDataset', tokens, object({ contextSize: true, targets, ...fields }));
  const rows = Math.floor((facts.tokens ?? 0) / (isWindows ? 1 : T));
  const batchSize = number(B);
  const shuffle = order === 'shuffled' ? shuffleCode(rows) : undefined;
  const loader = isRandom
    ? call('new RandomLoader', 'blocks', object({ batchSize, generator: true }))
    : call('new DataLoader', 'blocks', object({ batchSize, shuffle, generator: true }));
  const repeated = object({
    ahead: isRandom ? 'true' : undefined,
    reshuffle: order === 'shuffled' ? 'true' : undefined,
  });
  const made = {
    loader: [
      statement(after('const blocks = ', blocksOf('data.train', { stride }))),
      statement(after('const loader = ', loader)),
    ],
    batches: call('new InfiniteLoader', 'loader', repeated),
  };
  const perBatch = isWindows ? B : B * T;
  const passLength = isRandom
    ? `Math.ceil(data.train.length / ${number(perBatch)})`
    : 'batches.passLength()';
  if (typeof valBatches === 'number' && valBatches > 0) {
    const some = object({ batchSize, batches: number(valBatches), generator: true });
    return {
      ...made,
      passLength,
      validation: call('new RandomLoader', blocksOf('data.test'), some),
      trainEstimate: call('new RandomLoader', isRandom ? 'blocks' : blocksOf('data.train'), some),
    };
  }
  const validation = isWindows
    ? call('new NextTokenCounts', blocksOf('data.test'), 'vocabSize')
    : everyToken(settings, 'data.test');
  return { ...made, passLength, validation };
}

/** PyTorch's order, or for very many rows one that takes no memory. */
const shuffleCode = (rows: number): string => (rows <= 2 ** 23 ? 'true' : string('computed'));
