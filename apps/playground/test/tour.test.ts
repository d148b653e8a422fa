import { resolveSettings } from '@llm101/runs';
import { describe, expect, test } from 'vitest';
import { partsOf } from '../src/parts/linked-text.js';
import { looksBack } from '../src/rooms/tour/heads.js';
import {
  chapters,
  doneNow,
  formatPlace,
  parsePlace,
  placeBeside,
  type SeenRun,
  type StepId,
  type View,
} from '../src/rooms/tour/steps.js';
import { links } from '../src/state/links.js';
import { en } from '../src/strings/en.js';
import { enLater } from '../src/strings/later.js';

type Raw = Parameters<typeof resolveSettings>[0];

const runOf = (
  flags: NonNullable<NonNullable<Raw>['flags']>,
  step: number,
  validations: SeenRun['validations'] = [],
): SeenRun => ({ settings: resolveSettings({ flags }), step, validations });

const page: View = {
  room: 'train',
  inside: undefined,
  use: 'next',
  line: '',
  position: undefined,
  hasOwnText: false,
  runs: [],
  run: undefined,
  deeds: new Set(),
};

/** What is done of all chapters on a page. */
const doneOn = (view: Partial<View>): StepId[] =>
  chapters.flatMap((_, chapter) => doneNow(chapter, { ...page, ...view }));

describe('steps of the tour', () => {
  test('a page on which nothing was done has none done', () => {
    expect(doneOn({})).toEqual([]);
  });

  test('a run counts when it has come so far, with the settings that are asked for', () => {
    const three = (step: number): SeenRun => runOf({ contextSize: 3 }, step);
    expect(doneOn({ runs: [three(999)] })).toEqual([]);
    expect(doneOn({ runs: [three(1000)] })).toEqual(['three']);
    expect(doneOn({ runs: [runOf({ contextSize: 8 }, 1000)] })).toEqual(['eight']);
    expect(doneOn({ runs: [runOf({ model: 'bigram' }, 1000)] })).toEqual(['pairs']);
    expect(doneOn({ runs: [runOf({ preset: 'lecture-cnn' }, 1000)] })).toEqual(['cnn']);
  });

  test('contexts are compared on one text, once both were validated', () => {
    const [a, b] = [runOf({ contextSize: 3 }, 1000, [{ loss: 2 }]), runOf({}, 1000, [{ loss: 2 }])];
    expect(doneOn({ runs: [a, b] })).toContain('compare');
    expect(doneOn({ runs: [a, a] })).not.toContain('compare');
    expect(doneOn({ runs: [a, { ...b, validations: [] }] })).not.toContain('compare');
    const other = runOf({ contextSize: 5, data: 'shakespeare' }, 1000, [{ loss: 2 }]);
    expect(doneOn({ runs: [a, other] })).not.toContain('compare');
  });

  test('a run has learned by heart when its last validation is worse than an earlier one', () => {
    const losses = (...all: number[]) =>
      runOf(
        {},
        10,
        all.map((loss) => ({ loss })),
      );
    expect(doneOn({ runs: [losses(2.3, 2.1, 2.2)] })).toEqual(['byHeart']);
    expect(doneOn({ runs: [losses(2.3, 2.1, 2.11)] })).toEqual([]);
  });

  test('a room counts where its part shows the model that is meant', () => {
    const run = runOf({ model: 'mlp' }, 10);
    expect(doneOn({ room: 'inside', run, inside: 'tree' })).toEqual(['meet']);
    expect(doneOn({ room: 'inside', run })).toEqual(['meet']);
    expect(doneOn({ room: 'inside', run, inside: 'embedding' })).toEqual(['vowels']);
    expect(doneOn({ room: 'inside', run, inside: 'weights' })).toEqual([]);
    expect(doneOn({ room: 'train', run, inside: 'tree' })).toEqual([]);
    const gpt = runOf({ model: 'gpt' }, 10);
    expect(doneOn({ room: 'inside', run: gpt })).toEqual(['maps']);
  });

  test('a node counts in a tree, not in an MLP', () => {
    const deeds = new Set(['picked a node'] as const);
    const look = (model: string) => ({ room: 'inside', run: runOf({ model }, 1), deeds }) as const;
    expect(doneOn(look('cnn'))).toContain('node');
    expect(doneOn(look('mlp'))).not.toContain('node');
  });

  test('a toy task counts by the share of answers that are right', () => {
    const toy = (data: string, model: string, answerAccuracy: number): SeenRun =>
      runOf({ data, model }, 500, [{ loss: 0.1, answerAccuracy }]);
    expect(doneOn({ runs: [toy('parity', 'gru', 0.96)] })).toEqual(['memory']);
    expect(doneOn({ runs: [toy('parity', 'gru', 0.94)] })).toEqual([]);
    expect(doneOn({ runs: [toy('parity:length=12', 'lstm', 0.92)] })).toEqual(['longer']);
    expect(doneOn({ runs: [toy('parity:length=11', 'lstm', 0.92)] })).toEqual([]);
    expect(doneOn({ runs: [toy('addition', 'gpt', 0.9)] })).toContain('sum');
    expect(doneOn({ runs: [toy('modular-addition', 'mlp', 0.95)] })).toEqual(['clock']);
  });

  test('each has its texts, whose links lead somewhere', () => {
    const ids = chapters.flatMap(({ steps }) => steps.map(({ id }) => id));
    expect(Object.keys(enLater.tour.steps)).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    const sentences = [
      ...Object.values(enLater.tour.steps).flatMap((step) => Object.values(step)),
      ...en.tryOut.list,
    ];
    const names = sentences
      .flatMap(partsOf)
      .flatMap((part) => (typeof part === 'string' ? [] : part.name));
    expect(names.filter((name) => !Object.hasOwn(links, name))).toEqual([]);
    expect(Object.keys(links).filter((name) => !names.includes(name))).toEqual([]);
  });

  test('the settings that links lead to are such as the command takes', () => {
    const runs = Object.values(links).flatMap((link) => ('flags' in link ? [link.flags] : []));
    for (const flags of runs) expect(resolveSettings({ flags })).toMatchObject(flags);
  });
});

describe('places of the tour', () => {
  test('are written and read', () => {
    expect(parsePlace('3.2')).toEqual({ chapter: 2, step: 1 });
    expect(formatPlace({ chapter: 2, step: 1 })).toBe('3.2');
    for (const wrong of ['', '0.1', '1.0', '1.99', '99.1', '-1.2', 'x']) {
      expect(parsePlace(wrong), wrong).toEqual({ chapter: 0, step: 0 });
    }
  });

  test('follow each other through all chapters, and back', () => {
    const places = [parsePlace('1.1')];
    for (let next = placeBeside(places[0], 1); next !== undefined; next = placeBeside(next, 1)) {
      expect(placeBeside(next, -1)).toEqual(places.at(-1));
      places.push(next);
    }
    expect(places).toHaveLength(chapters.reduce((sum, { steps }) => sum + steps.length, 0));
    expect(placeBeside(places[0], -1)).toBeUndefined();
  });
});

test('heads are in the order in which they look one back', () => {
  // two heads of three positions: the first looks at the beginning, the second one back
  const values = new Float32Array([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0.8, 0.2, 0, 0.1, 0.6, 0.3]);
  const map = { part: 'layer', number: 1, heads: 2, labels: ['a', 'b', 'c'], values } as const;
  const [first, second] = looksBack([map]);
  expect(first).toEqual({ layer: 1, head: 2, share: expect.closeTo(0.7, 6) as number });
  expect(second).toEqual({ layer: 1, head: 1, share: 0.5 });
});

test('a sentence is its words and its links', () => {
  expect(partsOf('a [b c](d), [e](f)')).toEqual([
    'a ',
    { words: 'b c', name: 'd' },
    ', ',
    { words: 'e', name: 'f' },
  ]);
  expect(partsOf('no [link] (here)')).toEqual(['no [link] (here)']);
});
