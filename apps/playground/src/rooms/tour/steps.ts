/** The tour: its steps, and how the page sees that each was done. */
import type { Settings } from '@llm101/runs';
import type { RoomName } from '../../state/address.js';
import type { Deed, InsidePart, uses } from '../../state/shown.js';

/** A run as a step of the tour looks at it. */
export interface SeenRun {
  readonly settings: Settings;
  readonly step: number;
  readonly validations: readonly { readonly loss: number; readonly answerAccuracy?: number }[];
}

/** The page as the tour looks at it. */
export interface View {
  readonly room: RoomName;
  readonly inside: InsidePart | undefined;
  readonly use: (typeof uses)[number];
  readonly line: string;
  readonly position: number | undefined;
  /** Whether someone has put in a text of their own to look at. */
  readonly hasOwnText: boolean;
  readonly runs: readonly SeenRun[];
  /** The run that is looked at. */
  readonly run: SeenRun | undefined;
  readonly deeds: ReadonlySet<Deed>;
}

type Check = (view: View) => boolean;

/** A step: what its texts are called, and whether it was done. */
interface Step<Id extends string> {
  readonly id: Id;
  readonly check: Check;
}

const step = <Id extends string>(id: Id, check: Check): Step<Id> => ({ id, check });

/** The chapters of the tour, a question each. */
export const chapters = [
  {
    id: 'mlp',
    steps: [
      step('pairs', has('bigram', { steps: 1000 })),
      step('three', has('mlp', { steps: 1000, where: ({ contextSize }) => contextSize === 3 })),
      step('meet', isInside('tree', ['mlp'])),
      step(
        'window',
        ({ room, line, position }) => room === 'inside' && line !== '' && position !== undefined,
      ),
      step('vowels', isInside('embedding', ['mlp', 'cnn', 'wavenet', 'gru', 'lstm', 'gpt'])),
    ],
  },
  {
    id: 'context',
    steps: [
      step('one', has('mlp', { steps: 1000, where: ({ contextSize }) => contextSize === 1 })),
      step('eight', has('mlp', { steps: 1000, where: ({ contextSize }) => contextSize === 8 })),
      step('compare', comparesContexts),
      step('byHeart', ({ runs }) => runs.some(isWorse)),
    ],
  },
  {
    id: 'tree',
    steps: [
      step('flat', has('mlp', { steps: 1000, where: ({ contextSize }) => contextSize >= 16 })),
      step('cnn', has('cnn', { steps: 1000 })),
      step(
        'node',
        (view) => isInside('tree', ['cnn', 'wavenet'])(view) && view.deeds.has('picked a node'),
      ),
      step('wavenet', has('wavenet', { steps: 300 })),
    ],
  },
  {
    id: 'compress',
    steps: [
      step('bars', ({ room, use, line }) => room === 'use' && use === 'next' && line !== ''),
      step(
        'surprise',
        ({ room, use, hasOwnText }) => room === 'use' && use === 'surprise' && hasOwnText,
      ),
      step('bytes', ({ deeds }) => deeds.has('compressed')),
      step('back', ({ deeds }) => deeds.has('decompressed')),
    ],
  },
  {
    id: 'attention',
    steps: [
      step('gpt', has('gpt', { steps: 300 })),
      step('maps', isInside('attention', ['gpt'])),
      step('head', ({ deeds }) => deeds.has('found the head')),
      step('reverse', hasLearned('gpt', 'reverse', 0.9)),
      step(
        'backwards',
        (view) =>
          isInside('attention', ['gpt'])(view) &&
          view.line.includes('=') &&
          view.run?.settings.data.startsWith('reverse') === true,
      ),
    ],
  },
  {
    id: 'toys',
    steps: [
      step('guess', has('mlp', { steps: 1000, where: ({ data }) => isTask(data, 'parity') })),
      step('memory', hasLearned('gru', 'parity', 0.95)),
      step('longer', ({ runs }) =>
        runs.some((one) => lengthOf(one.settings.data) >= 12 && isRight(one, 'parity', 0.9)),
      ),
      step('sum', hasLearned('gpt', 'addition', 0.9)),
      step('clock', ({ runs }) => runs.some((one) => isRight(one, 'modular-addition', 0.9))),
    ],
  },
] as const;

/** What a step's texts are called. */
export type StepId = (typeof chapters)[number]['steps'][number]['id'];

/** Where one is in the tour. */
export interface Place {
  readonly chapter: number;
  readonly step: number;
}

/** Where an address says that one is, `3.2`; its beginning where there is no such step. */
export function parsePlace(written: string): Place {
  const [, chapter = '1', at = '1'] = /^(\d+)\.(\d+)$/.exec(written) ?? [];
  const place = { chapter: Number(chapter) - 1, step: Number(at) - 1 };
  return chapters.at(place.chapter)?.steps.at(place.step) !== undefined &&
    place.chapter >= 0 &&
    place.step >= 0
    ? place
    : { chapter: 0, step: 0 };
}

/** What {@link parsePlace} reads. */
export const formatPlace = ({ chapter, step: at }: Place): string => `${chapter + 1}.${at + 1}`;

/** The step after one, or before it (`by` -1); nothing at an end of the tour. */
export function placeBeside({ chapter, step: at }: Place, by: 1 | -1): Place | undefined {
  if (chapters[chapter].steps[at + by] !== undefined) return { chapter, step: at + by };
  const other = chapters.at(chapter + by);
  if (other === undefined || chapter + by < 0) return undefined;
  return { chapter: chapter + by, step: by === 1 ? 0 : other.steps.length - 1 };
}

/** Which steps of a chapter were done, as far as the page shows it now. */
export function doneNow(chapter: number, view: View): StepId[] {
  const { steps } = chapters[chapter];
  return steps.filter(({ check }) => check(view)).map(({ id }) => id);
}

interface HasOptions {
  /** It has come so far. */
  readonly steps: number;
  readonly where?: (settings: Settings) => boolean;
}

function has(model: string, { steps, where = () => true }: HasOptions): Check {
  return ({ runs }) =>
    runs.some((one) => one.settings.model === model && one.step >= steps && where(one.settings));
}

function isInside(part: InsidePart, models: readonly string[]): Check {
  return ({ room, inside, run }) =>
    room === 'inside' &&
    run !== undefined &&
    models.includes(run.settings.model) &&
    (inside === part || (inside === undefined && part !== 'embedding'));
}

/** Two MLPs of different contexts on the same text, both validated. */
function comparesContexts({ runs }: View): boolean {
  const able = runs.filter(
    ({ settings, step: at, validations }) =>
      settings.model === 'mlp' && at >= 1000 && validations.length > 0,
  );
  return able.some(({ settings: a }) =>
    able.some(({ settings: b }) => a.data === b.data && a.contextSize !== b.contextSize),
  );
}

/** A last validation that is clearly worse than the best one before, in nats. */
const WORSE = 0.02;

function isWorse({ validations }: SeenRun): boolean {
  const last = validations.at(-1);
  return last !== undefined && validations.some(({ loss }) => loss < last.loss - WORSE);
}

const isTask = (data: string, task: string): boolean =>
  data === task || data.startsWith(`${task}:`);

/** The length that a toy task's name says; 0 where it says none. */
const lengthOf = (data: string): number => Number(/[:,]length=(\d+)/.exec(data)?.[1] ?? 0);

function isRight({ settings, validations }: SeenRun, task: string, share: number): boolean {
  return (
    isTask(settings.data, task) &&
    validations.some(({ answerAccuracy = 0 }) => answerAccuracy >= share)
  );
}

function hasLearned(model: string, task: string, share: number): Check {
  return ({ runs }) =>
    runs.some((one) => one.settings.model === model && isRight(one, task, share));
}
