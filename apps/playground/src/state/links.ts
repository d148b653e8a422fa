/** Places of the page, and runs, that texts lead to: the tour, and what the first screen suggests. */
import type { Flags } from '../protocol.js';
import type { RoomName } from './address.js';
import type { InsidePart, uses } from './shown.js';

/** Where a link leads. */
export interface Link {
  /** Settings of a run, which is begun, or gone on with where it is there. */
  readonly flags?: Flags;
  readonly room?: RoomName;
  readonly inside?: InsidePart;
  readonly use?: (typeof uses)[number];
  readonly line?: string;
  /** A step of the tour. */
  readonly tour?: string;
}

/** Some seconds at a rate that is right for small networks. */
const quick = { optimizer: 'adamw', lr: 0.003, maxSteps: 3000, valInterval: 500 } as const;

const toy = (data: string, preset: string): Link => ({ room: 'train', flags: { preset, data } });

/** The links by what texts call them. */
export const links = {
  tour: { tour: '1.1' },
  lecture: {
    room: 'train',
    flags: {
      data: 'makemore-names',
      contextSize: 8,
      dEmbed: 16,
      maxSteps: 8299,
      valInterval: 1000,
    },
  },
  poet: { room: 'train', flags: { preset: 'shakespeare-char' } },
  bigram: { room: 'train', flags: { ...quick, model: 'bigram', lr: 0.03 } },
  context1: { room: 'train', flags: { ...quick, contextSize: 1 } },
  context3: { room: 'train', flags: { ...quick, contextSize: 3 } },
  context8: { room: 'train', flags: { ...quick, contextSize: 8 } },
  byHeart: {
    room: 'train',
    flags: { ...quick, contextSize: 8, dHidden: 200, valSize: 0.9 },
  },
  flat: { room: 'train', flags: { ...quick, preset: 'lecture-mlp' } },
  cnn: { room: 'train', flags: { ...quick, preset: 'lecture-cnn' } },
  wavenet: { room: 'train', flags: { preset: 'wavenet-small', maxSteps: 1000, valInterval: 250 } },
  gpt: {
    room: 'train',
    flags: { ...quick, model: 'gpt', contextSize: 16, dEmbed: 32, layers: 2, heads: 2 },
  },
  activations: { room: 'inside', inside: 'tree' },
  embedding: { room: 'inside', inside: 'embedding' },
  attention: { room: 'inside', inside: 'attention' },
  backwards: { room: 'inside', inside: 'attention', line: 'abcdef=fedcba' },
  next: { room: 'use', use: 'next' },
  surprise: { room: 'use', use: 'surprise' },
  compress: { room: 'use', use: 'compress' },
  parityMlp: toy('parity', 'toy-mlp'),
  parityGru: toy('parity', 'toy-gru'),
  parityLong: {
    room: 'train',
    flags: { preset: 'toy-gru', data: 'parity:length=12', maxSteps: 4000 },
  },
  reverseGpt: toy('reverse', 'toy-gpt'),
  additionGpt: toy('addition', 'toy-gpt'),
  additionGru: toy('addition', 'toy-gru'),
  clock: toy('modular-addition', 'toy-mlp'),
} as const satisfies Readonly<Record<string, Link>>;

/** What a link is called. */
export type LinkName = keyof typeof links;
