import { Bigram, bigramParameterCount } from '@llm101/models';
import { z } from 'zod';
import { sequenceExamples, sequenceReads, type SequenceSettings } from './sequences.js';
import type { ModelKind } from './model-kind.js';

const sizes = z.object({ vocabSize: z.int() });

/** A table of which symbol follows which, learned by gradients. */
export const bigram: ModelKind<z.infer<typeof sizes>, SequenceSettings, Bigram> = {
  reads: sequenceReads,
  defaults: { lr: 10 }, // each score is one number, seldom seen
  sizes,
  sizesOf: (_, vocabSize) => ({ vocabSize }),
  make: (own, generator) => new Bigram(own, generator),
  parameterCount: bigramParameterCount,
  rowSize: ({ vocabSize: V }) => ({ tokens: 1, embedded: V, hidden: 0 }),
  embedded: bigramParameterCount,
  products: () => ({ layers: 0, attention: 0, head: 0 }), // a row of the table is looked up, and its gradient added
  examples: sequenceExamples,
};
