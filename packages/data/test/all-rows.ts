import { type Batch, DataLoader, type Dataset } from '../src/index.js';

/** All rows of a data set, in their order. */
export function allRows(dataset: Dataset): Batch {
  const [batch] = new DataLoader(dataset, { batchSize: dataset.length });
  return batch;
}
