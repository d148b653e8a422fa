import type { RawSweep } from './sweep.js';

/**
 * Sweeps that have a name, as they are written. `course-scaling-laws` is the grid of the course's last lecture, four sizes of a GPT times five
 * shares of Shakespeare, each seen once, with narrower models and a quarter of the context, so that it ends within a quarter of an hour on
 * two cores. Muon takes the place of AdamW, as one rate suits all widths. docs/lectures/scaling-laws.md has what came of it.
 */
export const sweepPresets = {
  'course-scaling-laws': {
    settings: {
      data: 'shakespeare',
      examples: 'blocks',
      model: 'gpt',
      contextSize: 64,
      layers: 2,
      heads: 4,
      batchSize: 8,
      order: 'shuffled',
      epochs: 1,
      optimizer: 'muon',
      lr: 0.015,
      beta2: 0.99,
      weightDecay: 0.1,
      clipNorm: 1,
      schedule: 'cosine',
      warmupSteps: '10%',
      finalLr: 0,
      shards: 1,
      valInterval: 100_000, // once, at the end
      valBatches: 0,
      sampleInterval: 0,
      watchInterval: 0,
      checkpointInterval: 0,
    },
    space: {
      dEmbed: { choice: [16, 32, 64, 128] },
      trainShare: { choice: [0.1, 0.2, 0.4, 0.7, 1] },
    },
  },
} as const satisfies Readonly<Record<string, RawSweep>>;

/** A sweep by its name; nothing where none has it. */
export function sweepPreset(name: string): RawSweep | undefined {
  const presets: Readonly<Record<string, RawSweep>> = sweepPresets;
  return Object.hasOwn(presets, name) ? presets[name] : undefined;
}
