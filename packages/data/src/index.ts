export type { Batch } from './batch.js';
export { CharTokenizer, type CharTokenizerOptions } from './char-tokenizer.js';
export type { CharTokenizerJson, UnknownCharacters } from './char-tokenizer-json.js';
export { DataError } from './data-error.js';
export { DataLoader, type DataLoaderOptions } from './data-loader.js';
export { type BuiltInDataSet, type DataSet, dataSets, type RemoteDataSet } from './data-sets.js';
export type { Dataset } from './dataset.js';
export { describeText } from './describe-text.js';
export { describeDuplicates, duplicateReport, type DuplicateReport } from './duplicate-report.js';
export type { LoadTextOptions } from './load-from.js';
export { loadText } from './load-text.js';
export { loadWindows } from './load-windows.js';
export type { LoadedText } from './loaded-text.js';
export { NextTokenDataset } from './next-token-dataset.js';
export type { Pass } from './pass.js';
export { preview } from './preview.js';
export { SequenceDataset } from './sequence-dataset.js';
export type { SequenceLayout } from './sequence-layout.js';
export { SequenceLoader, type SequenceLoaderOptions } from './sequence-loader.js';
export { splitLines } from './split-lines.js';
export { splitWindows, type SplitWindows, type SplitWindowsOptions } from './split-windows.js';
export type { Tokenizer } from './tokenizer.js';
export {
  trainTestSplit,
  type TrainTestSplit,
  type TrainTestSplitOptions,
} from './train-test-split.js';
