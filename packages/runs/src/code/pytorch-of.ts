import type { Settings } from '../settings/settings.js';
import { type PytorchExamples, pytorchExamples } from './pytorch-examples.js';
import { pytorchModel } from './pytorch-models.js';
import { pytorchText, pytorchTextHint } from './pytorch-text.js';
import { type PytorchOptimizer, pytorchOptimizer, pytorchRate } from './pytorch-training.js';
import { apart, indented, python } from './python.js';
import { isOfWindows } from './rows.js';
import type { TextFacts } from './text-facts.js';

/**
 * A script for PyTorch that trains what `runTraining` trains by these settings: the same initial values, batches and losses, but for how
 * sums round. It prints how the loss falls, and the loss on what is held out. Where PyTorch can't do the same, its first lines say what
 * differs and why.
 *
 * @param settings - `Run.settings` leave nothing open; where `valBatches` is `auto`, all that is held out is scored
 * @param facts - of the text, by `textFacts`; default: those of a text of short lines
 * @throws UserError where there is no script, saying why
 */
export function pytorchOf(settings: Settings, facts: TextFacts = {}): string {
  const text = pytorchText(settings);
  const examples = pytorchExamples(settings, facts);
  const model = pytorchModel(settings);
  const optimizer = pytorchOptimizer(settings);
  const { seed, epochs } = settings;
  const steps = epochs === undefined ? settings.maxSteps : 'steps';
  const rate = pytorchRate(settings, steps);
  const body = python(
    text,
    '',
    examples.code,
    apart(model.definition),
    apart(optimizer.definition),
    '',
    '',
    `torch.manual_seed(${seed})`,
    `model = ${model.make}`,
    optimizer.make,
    settings.averageWeights > 0 &&
      `average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(${settings.averageWeights}))`,
    examples.batches,
    epochs !== undefined &&
      python(
        'with torch.random.fork_rng():',
        `    steps = math.ceil(${epochs} * ${examples.passLength})`,
      ),
    apart(rate),
    '',
    '',
    evaluation(settings, examples),
    '',
    '',
    loop(settings, { examples, optimizer, steps, hasRate: rate !== undefined }),
  );
  return python(heading(settings), '', imports(body), '', body, '');
}

/** What it is, and what differs from the run. */
function heading(settings: Settings): string {
  const remarks = differences(settings);
  const hint = pytorchTextHint(settings);
  const more = [...remarks, ...(remarks.length > 0 && hint.length > 0 ? [''] : []), ...hint];
  const first =
    '"""The same run in PyTorch: the same initial values, batches and losses, but for rounding.';
  return more.length === 0 ? `${first}"""` : python(first, '', more, '"""');
}

/** What PyTorch can't do as the run does, a sentence each. */
function differences(settings: Settings): string[] {
  const { dropout, batchNorm, shards, accumulate, examples, valBatches, patience } = settings;
  const parts = Number(shards) * accumulate;
  const isOfSome = examples === 'lines' && typeof valBatches === 'number' && valBatches > 0;
  return [
    ...(dropout > 0
      ? [
          'Dropout leaves out other values here, as PyTorch draws its masks by itself: losses agree in the mean alone.',
        ]
      : []),
    ...(batchNorm && parts !== 1
      ? ['Batches are normalised as a whole here, and in the run each part of a batch by itself.']
      : []),
    ...(isOfSome
      ? [
          `The loss is that on all lines held out here, and in the run on some of them${patience > 0 ? ', which may end it at another step' : ''}.`,
        ]
      : []),
  ];
}

const isEach = (settings: Settings): boolean => !isOfWindows(settings);

/** The loss on what is held out, or on random batches. */
function evaluation(settings: Settings, { validation, isRandom }: PytorchExamples): string {
  const scores = isEach(settings)
    ? 'F.cross_entropy(model(x).flatten(0, 1), y.flatten()'
    : 'F.cross_entropy(model(x), y';
  if (isRandom) {
    const { valBatches } = settings;
    return python(
      '@torch.no_grad()',
      'def estimate(data):',
      `    """The mean loss on ${String(valBatches)} random batches."""`,
      '    model.eval()',
      `    losses = [${scores}) for x, y in (draw(data) for _ in range(${String(valBatches)}))]`,
      '    model.train()',
      '    return (sum(losses) / len(losses)).item()',
    );
  }
  return python(
    '@torch.no_grad()',
    'def evaluate():',
    '    """The mean loss on all that is held out."""',
    '    model.eval()',
    '    total, count = 0.0, 0',
    `    for x, y in ${validation}:`,
    `        total += ${scores}, reduction="sum").item()`,
    '        count += (y >= 0).sum().item()',
    '    model.train()',
    '    return total / count',
  );
}

interface Loop {
  readonly examples: PytorchExamples;
  readonly optimizer: PytorchOptimizer;
  readonly steps: number | string;
  readonly hasRate: boolean;
}

function loop(settings: Settings, { examples, optimizer, steps, hasRate }: Loop): string {
  const { clipNorm, averageWeights, patience, minDelta, valInterval } = settings;
  const { isRandom } = examples;
  const interval = typeof steps === 'number' ? Math.ceil(steps / 10) : 100;
  const each = optimizer.isTwo ? 'for optimizer in optimizers:' : undefined;
  const apply = (line: string): string =>
    each === undefined ? line : python(each, indented(line));
  const loss = isEach(settings)
    ? 'loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())'
    : 'loss = F.cross_entropy(model(x), y)';
  const rates = 'for group in optimizer.param_groups:\n    group["lr"] = rate(step - 1)';
  const mean = takeMean(settings);
  const step = python(
    hasRate && apply(rates),
    loss,
    'model.zero_grad()',
    'loss.backward()',
    clipNorm > 0 && `nn.utils.clip_grad_norm_(model.parameters(), ${clipNorm})`,
    apply('optimizer.step()'),
    averageWeights > 0 && 'average.update_parameters(model)',
    'total += loss.item()',
    `if step % ${interval} == 0:`,
    '    print(step, total / step)',
  );
  const validated = python(
    `if step % ${valInterval} == 0:`,
    indented(
      python(
        mean.take,
        'validation = evaluate()',
        `if validation < best - ${minDelta}:`,
        '    best, waited, kept = validation, 0, copy.deepcopy(model.state_dict())',
        'else:',
        '    waited += 1',
        mean.back,
        `if waited == ${patience}:`,
        '    break',
      ),
    ),
  );
  const estimates = 'print(step, "estimated", estimate(train), estimate(test))';
  if (isRandom) {
    return python(
      'total, ahead = 0.0, next(batches)  # a batch is drawn a step ahead',
      'step = 0',
      estimates,
      `for step in range(1, ${typeof steps === 'number' ? steps + 1 : `${steps} + 1`}):`,
      '    (x, y), ahead = ahead, next(batches)',
      indented(step),
      `    if step % ${valInterval} == 0:`,
      indented(python(mean.take, estimates, mean.back), 8),
      mean.take,
      'print("validation", estimate(test))',
    );
  }
  return python(
    'total = 0.0',
    patience > 0 && 'best, waited, kept = math.inf, 0, None',
    `for step, (x, y) in zip(range(1, ${typeof steps === 'number' ? steps + 1 : `${steps} + 1`}), batches):`,
    indented(step),
    patience > 0 && indented(validated),
    patience > 0 ? python('if kept is not None:', '    model.load_state_dict(kept)') : mean.take,
    'print("validation", evaluate())',
  );
}

/** How a mean of weights takes the place of those that are trained, and back. */
function takeMean({ averageWeights, optimizer }: Settings): { take?: string; back?: string } {
  if (optimizer === 'schedule-free') {
    return { take: 'optimizer.take_mean()', back: 'optimizer.take_mean(back=True)' };
  }
  if (averageWeights === 0) return {};
  const swap = python(
    'for p, m in zip(model.parameters(), average.module.parameters()):',
    '    p.data, m.data = m.data, p.data',
  );
  return { take: swap, back: swap };
}

/** What a script imports, by what shows that it does. */
const IMPORTS: readonly (readonly [line: string, sign: RegExp])[] = [
  ['import collections', /\bcollections\./],
  ['import copy', /\bcopy\./],
  ['import itertools', /\bitertools\./],
  ['import math', /\bmath\./],
  ['import re', /\bre\./],
  ['import unicodedata', /\bunicodedata\./],
  ['import urllib.request', /\burllib\./],
];

const LIBRARIES: readonly (readonly [line: string, sign: RegExp])[] = [
  ['import numpy as np', /\bnp\./],
  ['import regex', /\bregex\./],
  ['import torch', /\btorch\./],
  ['from tokenizers import Tokenizer, models, pre_tokenizers, trainers', /\bTokenizer\(/],
  ['from torch import nn', /\bnn\./],
  ['from torch.nn import functional as F', /\bF\./],
  ['from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn', /\bAveragedModel\b/],
];

function imports(body: string): string[] {
  const used = (list: typeof IMPORTS): string[] =>
    list.filter(([, sign]) => sign.test(body)).map(([line]) => line);
  const data = ['DataLoader', 'TensorDataset'].filter((name) => body.includes(`${name}(`));
  const own = used(IMPORTS);
  return [
    ...own,
    ...(own.length === 0 ? [] : ['']),
    ...used(LIBRARIES),
    ...(data.length === 0 ? [] : [`from torch.utils.data import ${data.join(', ')}`]),
  ];
}
