import type { Settings } from '../settings/settings.js';
import {
  after,
  array,
  call,
  type Code,
  type Fields,
  fits,
  number,
  object,
  statement,
} from './layout.js';
import { isOfWindows, readsContext } from './rows.js';
import type { TextFacts } from './text-facts.js';
import { type ExamplesCode, examplesCode } from './typescript-examples.js';
import { withImports } from './typescript-imports.js';
import { modelCode } from './typescript-model.js';
import { initialCode, textCode } from './typescript-text.js';
import { optimizerCode, scheduleCode, shardsOf, unless } from './typescript-training.js';

/**
 * A short program in TypeScript, by the packages' public functions, that trains what `runTraining` trains by these settings, to the
 * same weights, byte for byte. It prints how the loss falls, the loss on what is held out, and samples. It runs in Node, and where the
 * settings name no file in a browser too.
 *
 * @param settings - `Run.settings` leave nothing open; where `valBatches` is `auto`, all that is held out is scored
 * @param facts - of the text, by `textFacts`; default: those of a text of short lines
 * @throws UserError where the machine would decide the weights, or there is no short program, saying why
 */
export function typescriptOf(settings: Settings, facts: TextFacts = {}): string {
  const { seed, initFrom, patience } = settings;
  const text = textCode(settings);
  const examples = examplesCode(settings, facts);
  const scored = isOfWindows(settings) ? 'model' : 'scored';
  const isValidated = patience > 0 || examples.trainEstimate !== undefined;
  const evaluation = (data: Code): Code =>
    after(
      'const { loss } = ',
      call('await evaluate', scored, data, object({ compile: compilerOf(settings) })),
    );
  const isShort = !isValidated && fits(evaluation(examples.validation));
  const validation = isShort ? [] : [statement(after('const validation = ', examples.validation))];
  return withImports(settings, [
    [
      settings.compile && settings.relaxedSimd
        ? 'await startBackend({ relaxedSimd: true });'
        : 'await startBackend();',
      ...(readsContext(settings) ? [`const contextSize = ${number(settings.contextSize)};`] : []),
      ...initialCode(settings),
      ...text.statements,
    ],
    [
      `const generator = Generator.seeded(${seed}); // torch.manual_seed(${seed})`,
      statement(after('const model = ', modelCode(settings))),
      ...(initFrom === undefined ? [] : ['loadStateDict(model, tensors);']),
      ...(scored === 'model' ? [] : ['const scored = everyPosition(model);']),
      ...examples.loader,
      ...(isValidated ? validation : []),
      ...trainCode(settings, { ...examples, scored, isValidated }),
    ],
    [
      ...(isValidated ? [] : validation),
      statement(evaluation(isShort ? examples.validation : 'validation')),
      'console.log(`${loss.toFixed(4)} nats a token on the text held out`);',
      ...sampleCode(settings, text.tokenizer),
    ],
  ]);
}

/** What compiles steps: `compile` as it is, or one of the program's. */
function compilerOf({ compile, relaxedSimd }: Settings): true | 'relaxed' | undefined {
  if (!compile) return undefined;
  return relaxedSimd ? 'relaxed' : true;
}

interface TrainedCode extends Pick<ExamplesCode, 'batches' | 'passLength' | 'trainEstimate'> {
  /** What the program calls the model as it is trained. */
  readonly scored: string;
  /** Whether it is validated while it trains, as that decides something. */
  readonly isValidated: boolean;
}

function trainCode(settings: Settings, examples: TrainedCode): string[] {
  const { accumulate, valInterval, patience, minDelta, epochs, compile, relaxedSimd } = settings;
  const { scored, isValidated, trainEstimate } = examples;
  const steps = epochs === undefined ? settings.maxSteps : 'maxSteps';
  const shards = shardsOf(settings);
  const [optimizer, schedule] = [optimizerCode(settings), scheduleCode(settings, steps)];
  const options = object({
    model: scored === 'model' ? true : scored,
    optimizer: optimizer.code,
    schedule: schedule.code,
    batches: epochs === undefined ? examples.batches : true,
    maxSteps: typeof steps === 'number' ? number(steps) : true,
    shards: unless(1, shards),
    accumulate: unless(1, accumulate),
    ...(isValidated && { validation: true, trainEstimate, valInterval: number(valInterval) }),
    ...(patience > 0 && { patience: number(patience), minDelta: unless(0, minDelta) }),
    compile: compilerOf(settings),
    logInterval: unless(100, typeof steps === 'number' ? Math.ceil(steps / 10) : 100),
    listeners: array("(event) => event.type === 'log' && console.log(event.metrics)"),
  });
  return [
    ...(epochs === undefined
      ? []
      : [
          statement(after('const batches = ', examples.batches)),
          `const maxSteps = Math.ceil(${epochs} * ${examples.passLength});`,
        ]),
    ...optimizer.before,
    ...(schedule.before ?? []),
    ...(compile && relaxedSimd
      ? [
          'const relaxed: Compile = (step, options) => compile(step, { ...options, relaxedSimd: true });',
        ]
      : []),
    statement(call('await train', options)),
  ];
}

function sampleCode(settings: Settings, tokenizer: string): string[] {
  const [generator, compile] = [`Generator.seeded(${settings.seed})`, compilerOf(settings)];
  if (settings.examples === 'lines' && settings.answerAfter !== 'none') {
    const known: Fields = { tokenizer: tokenizer === 'tokenizer' ? true : tokenizer };
    const asked: Fields = { lines: 'data.test.lines', ...known, count: '10', maxLength: '100' };
    const options = object({ ...asked, compile });
    return [
      statement(after('const answered = ', call('sampleAnswers', 'model', options))),
      "console.log(answered.join(' '));",
    ];
  }
  if (settings.examples === 'lines') {
    const options = object({ count: '10', generator, maxLength: '100', compile });
    return [
      statement(after('const drawn = ', call('sample', 'model', options))),
      `console.log(drawn.map((tokens) => ${tokenizer}.decode(tokens)).join(' '));`,
    ];
  }
  const more = { count: '3', generator, maxLength: 'hidden + 300', compile };
  return [
    "const { hidden, ...begin } = samplePrompt({ model, tokenizer, examples: 'blocks' });",
    statement(
      after('const drawn = ', call('sample', 'model', object({ '...begin': true, ...more }))),
    ),
    'for (const tokens of drawn) console.log(tokenizer.decode(tokens.slice(hidden)));',
  ];
}
