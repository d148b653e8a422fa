import type { Settings } from '../settings/settings.js';
import { apart, indented, python } from './python.js';
import {
  isCut,
  isOfWindows,
  isRecurrent,
  readsContext,
  type Rows,
  rowsOf,
  SCORED,
  seenBy,
} from './rows.js';
import type { TextFacts } from './text-facts.js';

/** What a model learns from and is measured on, in Python. */
export interface PytorchExamples {
  /** Functions and data sets. */
  readonly code: string;
  /** What gives the batches without end, after the model is made. */
  readonly batches: string;
  /** Steps of a pass over the text. */
  readonly passLength: string;
  /** What gives batches of all that is held out. */
  readonly validation: string;
  /** Whether a validation scores random batches, drawn from the same stream as those that are trained on. */
  readonly isRandom: boolean;
}

export function pytorchExamples(settings: Settings, facts: TextFacts): PytorchExamples {
  if (settings.examples === 'blocks') return blocks(settings);
  return isOfWindows(settings) ? windows(settings) : packed(settings, facts);
}

/** All passes as the first, or each in an order of its own. */
const endless = (loader: string, reshuffle: boolean): string =>
  reshuffle
    ? `itertools.chain.from_iterable(${loader} for _ in itertools.count())`
    : `itertools.cycle(${loader})`;

function windows({ contextSize, batchSize, reshuffle, answerAfter }: Settings): PytorchExamples {
  const code = python(
    `T = ${contextSize}`,
    '',
    '',
    'def windows(lines):',
    '    """T tokens, filled on the left with token 0, and the token that follows."""',
    '    inputs, targets = [], []',
    '    for line in lines:',
    '        tokens = [0] * T + encode(line) + [0]',
    answerAfter === 'none'
      ? '        for i in range(len(tokens) - T):'
      : '        for i in range(answer(line), len(tokens) - T):',
    '            inputs.append(tokens[i : i + T])',
    '            targets.append(tokens[i + T])',
    '    return TensorDataset(torch.tensor(inputs), torch.tensor(targets))',
  );
  return {
    code,
    batches: python(
      `loader = DataLoader(windows(train), batch_size=${batchSize}, shuffle=True)`,
      `batches = ${endless('loader', reshuffle)}`,
    ),
    passLength: 'len(loader)',
    validation: 'DataLoader(windows(test), batch_size=1000)',
    isRandom: false,
  };
}

function packed(settings: Settings, facts: TextFacts): PytorchExamples {
  const { contextSize, reshuffle } = settings;
  const { rows, width, lookBack } = rowsOf(settings, facts);
  const scored = scoredRowsOf(settings, facts);
  const { longestLine = 0, longestHeldOut = 0 } = facts;
  const hasPieces = longestLine > width || longestHeldOut > scored.width;
  const hasAnswers = settings.answerAfter !== 'none';
  const isHalf = isRecurrent(settings) || isCut(settings, Math.max(longestLine, longestHeldOut));
  const write = python(
    'n = len(tokens) - 1',
    'if at % width + n > width:',
    '    at += width - at % width  # the next row',
    'if at == rows * width:',
    '    yield x.view(rows, width), y.view(rows, width)',
    '    x, y, at = x.new_zeros(rows * width), y.new_full((rows * width,), -100), 0',
    'x[at : at + n], y[at : at + n] = tokens[:-1], tokens[1:]',
    hasPieces && 'y[at : at + skipped] = -100  # seen before',
    hasAnswers && !hasPieces && 'y[at : at + answer(lines[i])] = -100  # the question',
    'at += n',
  );
  const code = python(
    readsContext(settings) ? [`T = ${contextSize}`, '', ''] : [''],
    hasPieces
      ? [
          'def pieces(lines, width):',
          '    """Lines, cut where they are longer than a row; each piece but the first repeats some of the one before it."""',
          '    for line in lines:',
          '        tokens = torch.tensor([0] + encode(line) + [0])',
          '        at = 0',
          '        while at < len(tokens) - 1:',
          `            skipped = 0 if at == 0 else ${isHalf ? 'width // 2' : lookBack}`,
          '            end = min(at - skipped + width, len(tokens) - 1)',
          hasAnswers
            ? python(
                '            if answer(line) < end:',
                '                yield tokens[at - skipped : end + 1], max(skipped, answer(line) - at + skipped)',
              )
            : '            yield tokens[at - skipped : end + 1], skipped',
          '            at = end',
          '',
          '',
        ]
      : [],
    'def packed(lines, rows, width, shuffle=False):',
    '    """Batches of whole lines side by side, as many as the rows hold; what fills a row is no target."""',
    hasPieces && '    lines = list(pieces(lines, width))',
    '    order = range(len(lines))',
    '    if shuffle:',
    '        order = DataLoader(order, batch_size=None, shuffle=True)',
    '    x = torch.zeros(rows * width, dtype=torch.long)',
    '    y, at = torch.full_like(x, -100), 0',
    '    for i in order:',
    hasPieces
      ? '        tokens, skipped = lines[i]'
      : '        tokens = torch.tensor([0] + encode(lines[i]) + [0])',
    indented(write, 8),
    '    yield x.view(rows, width), y.view(rows, width)',
  );
  const loader = `packed(train, ${rows}, ${width}, shuffle=True)`;
  return {
    code,
    batches: `batches = ${endless(loader, reshuffle)}`,
    passLength: `len(list(${loader}))`,
    validation: `packed(test, ${scored.rows}, ${scored.width})`,
    isRandom: false,
  };
}

function blocks(settings: Settings): PytorchExamples {
  const { contextSize, batchSize, order, valBatches, model } = settings;
  const isWindows = isOfWindows(settings);
  const isRandom = typeof valBatches === 'number' && valBatches > 0;
  const isDrawn = order === 'random';
  const target = isWindows ? 'data[i + T]' : 'data[i + 1 : i + T + 1]';
  const cut = python(
    'def rows(data, starts):',
    `    """T tokens from each start, and ${isWindows ? 'the token that follows' : 'the token that follows each'}."""`,
    '    x = torch.stack([data[i : i + T] for i in starts])',
    `    return x, torch.stack([${target} for i in starts])`,
  );
  const draw = python(
    'def draw(data):',
    `    return rows(data, torch.randint(len(data) - T, (${batchSize},)))`,
  );
  const every = isWindows
    ? python(
        'def held():',
        '    """Each window of the text that is held out."""',
        '    for starts in torch.arange(len(test) - T).split(1000):',
        '        yield rows(test, starts)',
      )
    : python(
        'def held():',
        `    """Each token of the text that is held out, once${model === 'wavenet' ? ', in long rows' : ''}."""`,
        heldRows(settings),
      );
  const parts = [cut, ...(isDrawn || isRandom ? [draw] : []), ...(isRandom ? [] : [every])];
  const set = `TensorDataset(*rows(train, range(0, len(train) - T${isWindows ? '' : ', T'})))`;
  const shuffled = order === 'shuffled';
  return {
    code: python(`T = ${contextSize}`, parts.flatMap(apart)),
    batches: isDrawn
      ? 'batches = (draw(train) for _ in itertools.count())'
      : python(
          `loader = DataLoader(${set}, batch_size=${batchSize}${shuffled ? ', shuffle=True' : ''})`,
          `batches = ${endless('loader', shuffled)}`,
        ),
    passLength: isDrawn
      ? `math.ceil(len(train) / ${isWindows ? batchSize : batchSize * contextSize})`
      : 'len(loader)',
    validation: isRandom ? '' : 'held()',
    isRandom,
  };
}

/** Rows side by side, and one more at the end, of which the rest alone counts. */
function heldRows({ model }: Settings): string[] {
  const width =
    model === 'bigram' ? '1' : model === 'wavenet' ? `min(${SCORED}, len(test) - 1)` : 'T';
  return [
    `    width = ${width}`,
    '    for i in range(0, len(test) - 1, width):',
    '        i, skipped = min(i, len(test) - 1 - width), max(0, i - (len(test) - 1 - width))',
    '        y = test[i + 1 : i + width + 1].clone()',
    '        y[:skipped] = -100  # counted before',
    '        yield test[i : i + width][None], y[None]',
  ];
}

/** Rows of a batch of lines that a validation scores; how long they are makes no difference to the loss. */
function scoredRowsOf(settings: Settings, facts: TextFacts): Pick<Rows, 'rows' | 'width'> {
  if (isCut(settings, facts.longestHeldOut)) return { rows: 8, width: settings.contextSize };
  if (isRecurrent(settings)) return { rows: 8, width: Math.max(256, settings.contextSize) };
  return { rows: 1, width: Math.max(SCORED, 2 * (seenBy(settings) - 1)) };
}
