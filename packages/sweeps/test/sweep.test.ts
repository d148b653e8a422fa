import { UsageError } from '@llm101/runs';
import { describe, expect, it } from 'vitest';
import { parseSweep, settingsOfTrial, type RawSweep } from '../src/index.js';

const space = { lr: { choice: [0.1, 0.2] } };

describe('parseSweep', () => {
  it('tries all combinations of lists, and twenty points of ranges', () => {
    expect(parseSweep({ space })).toMatchObject({
      sampler: 'grid',
      trials: undefined,
      direction: 'minimize',
    });
    expect(parseSweep({ space, trials: 1 })).toMatchObject({ sampler: 'random', trials: 1 });
    expect(parseSweep({ space: { lr: { uniform: [0.1, 1] } } })).toMatchObject({
      sampler: 'random',
      trials: 20,
    });
    expect(parseSweep({ space, objective: 'valAnswerAccuracy' }).direction).toBe('maximize');
  });

  it('gives again what it gave', () => {
    const sweep = parseSweep({ space, trials: 3, scheduler: { kind: 'asha', minSteps: 10 } });
    expect(parseSweep(JSON.parse(JSON.stringify(sweep)))).toEqual(sweep);
  });

  const refused: readonly (readonly [RawSweep, string])[] = [
    [{}, 'x.json: space must be an object of settings; got nothing'],
    [{ space: { lrate: { choice: [1] } } }, 'x.json: space.lrate must be the name of a setting'],
    [
      { space: { learningRate: { choice: [1] } } },
      'space.learningRate must be the name of a setting; did you mean lr?',
    ],
    [{ space: { lr: [0.1, 0.2] } }, 'space.lr must be one of {"choice": […]}'],
    [
      { space: { lr: { choice: [] } } },
      'space.lr.choice must be a list with a value or more; got []',
    ],
    [
      { space: { lr: { choice: [0.1, 'fast'] } } },
      'space.lr must be values that are each a number above 0',
    ],
    [{ space: { lr: { choice: [0.1, 0.1] } } }, 'space.lr must be a list without repetitions'],
    [
      { space: { lr: { uniform: [1, 0.1] } } },
      'space.lr must be a range whose first limit is the smaller',
    ],
    [
      { space: { lr: { logUniform: [0, 1] } } },
      'space.lr must be a range above 0, as it is logarithmic',
    ],
    [
      { space: { lr: { uniform: [-1, 1] } } },
      'space.lr must be values that are each a number above 0',
    ],
    [
      { space: { model: { uniform: [0, 1] } } },
      'space.model must be a choice, as the setting is no number',
    ],
    [{ space: { preset: { choice: ['wavenet'] } } }, 'space.preset must be the name of a setting'],
    [{ space: { heads: { choice: [1], when: { modle: 'gpt' } } } }, 'did you mean model?'],
    [
      { space: { heads: { choice: [1], when: { model: 'gpt' } }, model: { choice: ['gpt'] } } },
      'space.heads must be after model, as its "when" is about it',
    ],
    [{ space, sampler: 'bayes' }, 'sampler must be grid, random or tpe; got "bayes"'],
    [
      { space: { lr: { uniform: [0.1, 1] } }, sampler: 'grid' },
      'space.lr must be a choice, as the sampler is grid',
    ],
    [{ space, scheduler: { kind: 'halving' } }, 'scheduler must be {"kind": "asha"} or'],
    [
      { space, scheduler: { kind: 'asha', minSteps: 10_000 } },
      'scheduler.minSteps must be below maxSteps, 10000; got 10000',
    ],
    [
      { space, settings: { epochs: 2 }, scheduler: { kind: 'asha', minSteps: 10 } },
      'with the scheduler asha all trials must have the same maxSteps and valInterval; got epochs',
    ],
    [
      { space, settings: { valInterval: 0 }, scheduler: { kind: 'asha', minSteps: 10 } },
      'valInterval must be at least 1; got 0',
    ],
    [
      { space, settings: { shards: 'auto' } },
      'shards must be a number, as auto is another on other machines',
    ],
    [{ space, settings: { device: 'webgpu' } }, 'device must be wasm, as trials side by side'],
    [
      { space: { ...space, device: { choice: ['wasm', 'auto'] } } },
      'each has the bytes that it has anywhere; got "auto"',
    ],
    [
      {
        space: Object.fromEntries(
          ['lr', 'momentum', 'dropout'].map((key) => [
            key,
            { choice: Array.from({ length: 101 }, (_, i) => 0.001 * (i + 1)) },
          ]),
        ),
      },
      'a grid must have at most 1000000 combinations; got 1030301',
    ],
    [{ space, trials: 0 }, 'trials must be a whole number from 1 to 1000000; got 0'],
    [
      { space, lr: 3 },
      "x.json: lr isn't known here; leave it out, or move a setting that all trials have into",
    ],
    [
      { space: { seed: { choice: [1, 2] } }, seeds: 2 },
      'seeds repeats every trial with other seeds',
    ],
    [{ space, version: 2 }, 'version must be 1; got 2'],
    [
      { space: { heads: { choice: [2, 4], when: { model: 'zzz' } } } },
      'space.heads must be varied "when" model, and model is to be mlp, cnn',
    ],
    [{ space: JSON.parse('{"__proto__": {"choice": [1]}}') as object }, 'space.__proto__'],
    [
      { space, settings: { epochs: 1 }, maxTotalSteps: 100 },
      'maxTotalSteps counts steps, and the trials have epochs',
    ],
  ];
  it.each(refused)('refuses %j in a sentence', (raw, sentence) => {
    expect(() => parseSweep(raw, 'x.json')).toThrow(sentence);
    expect(() => parseSweep(raw, 'x.json')).toThrow(UsageError);
  });
});

describe('settingsOfTrial', () => {
  it('has a seed of its own for each repetition', () => {
    const sweep = parseSweep({ space, seeds: 3, settings: { seed: 7 } });
    const seeds = [0, 1, 2].map(
      (repetition) => settingsOfTrial(sweep, { point: { lr: 0.2 }, repetition }).seed,
    );
    expect(seeds).toEqual([7, 8, 9]);
  });

  it('has the defaults of the kind of model that is drawn', () => {
    const sweep = parseSweep({ space: { model: { choice: ['mlp', 'gpt'] } } });
    const [mlp, gpt] = ['mlp', 'gpt'].map((model) => settingsOfTrial(sweep, { point: { model } }));
    expect(mlp.model).toBe('mlp');
    expect([mlp.optimizer, gpt.optimizer]).toEqual(['sgd', 'adamw']);
  });

  it('has the steps or the epochs that are varied', () => {
    const sweep = parseSweep({ space: { epochs: { choice: [1, 2] } }, settings: { maxSteps: 10 } });
    expect(settingsOfTrial(sweep, { point: { epochs: 2 } }).epochs).toBe(2);
  });
});
