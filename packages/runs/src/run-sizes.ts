import { availableCores, chooseShards } from './cores.js';
import type { RunSizes } from './memory.js';
import { type ModelConfig, modelKinds } from './models/index.js';
import type { ModelKind } from './models/model-kind.js';
import { rowsOfPiece } from './pieces.js';
import type { Settings } from './settings/settings.js';
import type { PreparedData } from './text/prepare-data.js';

/** What a run computes at once, and how a batch is cut for it. */
export interface CutSizes extends RunSizes {
  readonly shards: number;
  /** Rows of a batch that its model computes, as `RowSize` counts them. */
  readonly computed: number;
  /** Rows of a batch, which can be cut. */
  readonly rowsOfBatch: number;
}

/** The sizes of a run; where its data isn't given, as if there were enough of it. */
export function sizesOfRun(settings: Settings, config: ModelConfig, data?: PreparedData): CutSizes {
  const kind: Pick<ModelKind<{ readonly vocabSize: number }, Settings>, 'examples'> = modelKinds[
    settings.model
  ];
  const { accumulate, examples } = settings;
  const rowsOfBatch = settings[kind.examples.rowsSetting(settings)];
  const computed = kind.examples.batchRows(settings, data);
  const shards = chooseShards(settings, { config, rows: rowsOfBatch, computed }, availableCores());
  const rows = rowsOfPiece({ shards, accumulate, rows: rowsOfBatch, computed });
  const isAveraged = settings.averageWeights > 0;
  const isOnGpu = settings.device === 'webgpu';
  const sizes = { config, rows, computed, rowsOfBatch, shards, accumulate };
  return { ...sizes, isAveraged, isOnGpu, examples };
}
