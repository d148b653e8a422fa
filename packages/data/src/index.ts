export { DataLoader, type DataLoaderOptions } from './batches/data-loader.js';
export { BlockDataset, type BlockDatasetOptions } from './batches/block-dataset.js';
export { ArrayDataset, type Dataset } from './batches/dataset.js';
export type { LoaderIdentity } from './batches/identity.js';
export { NextTokenDataset } from './batches/next-token-dataset.js';
export type { Batch, Pass, Shuffle } from './batches/pass.js';
export { RandomLoader, type RandomLoaderOptions } from './batches/random-loader.js';
export type { SequenceLayout } from './batches/line-pieces.js';
export {
  SequenceDataset,
  SequenceLoader,
  type SequenceLoaderOptions,
} from './batches/sequence-loader.js';
export {
  loadBlocks,
  loadWindows,
  splitBlocks,
  type SplitBlocksOptions,
  splitSequences,
  type SplitData,
  type SplitLinesOptions,
  splitWindows,
  type SplitWindowsOptions,
} from './batches/from-text.js';
export { preview } from './batches/preview.js';
export { countCodePoints } from './code-points.js';
export { answersAfter, countedPositions } from './tokens/answers.js';
export { DataError, describeAlphabet, describeCharacter } from './errors.js';
export {
  type BuiltInDataSet,
  type DataSet,
  dataSetOf,
  dataSets,
  type RemoteDataSet,
} from './text/data-sets.js';
export type { LoadedText } from './text/decode-text.js';
export { describeText, loadText, type LoadTextOptions } from './text/load-text.js';
export type { TextPieces, TextPiecesOptions, TextSummary } from './text/read-pieces.js';
export { type Hasher, Sha256 } from './text/sha256.js';
export { type ByteInput, textPieces } from './text/text-pieces.js';
export {
  ANSWER_MARK,
  parseToyTask,
  type SizedTask,
  type ToySize,
  type ToySizes,
  type ToyTask,
  toyTaskName,
  toyTasks,
} from './text/toy-tasks.js';
export {
  splitLines,
  type TrainTestSplit,
  trainTestSplit,
  type TrainTestSplitOptions,
} from './text/split.js';
export {
  BpeTokenizer,
  type BpeTokenizerJson,
  type BpeTokenizerOptions,
} from './tokens/bpe-tokenizer.js';
export { writeTokens } from './tokens/byte-tokens.js';
export { symbolsOfBytes } from './tokens/bpe/byte-symbols.js';
export type { BpeModel, TokenizerFile, WordLevelModel } from './tokens/bpe/tokenizer-json.js';
export {
  BytesTokenizer,
  type BytesTokenizerJson,
  type BytesTokenizerOptions,
} from './tokens/bytes-tokenizer.js';
export {
  type CharTokenizerJson,
  specialTokens,
  type UnknownCharacters,
} from './tokens/char-tokenizer-json.js';
export type { CharVocabOptions } from './tokens/char-vocab.js';
export type { CharacterUnit, Normalization, TextStage } from './tokens/characters.js';
export {
  CharTokenizer,
  type CharTokenizerFitOptions,
  type CharTokenizerOptions,
} from './tokens/char-tokenizer.js';
export { describeDuplicates, type DuplicateReport, duplicateReport } from './tokens/duplicates.js';
export { LineIndex } from './tokens/line-index.js';
export { linesOf } from './tokens/lines-of.js';
export { fromTokenizerFile, toTokenizerFile } from './tokens/tokenizer-file.js';
export {
  splitTokenLines,
  type SplitTokenLinesOptions,
  firstLines,
  spreadLines,
  tokenLinesOf,
} from './tokens/split-lines.js';
export { encodeLines, type TokenArray, type TokenLines } from './tokens/token-lines.js';
export {
  encodeText,
  type EncodedText,
  type EncodeTextOptions,
  textSize,
  type TextSize,
  type TextSource,
} from './tokens/encode-text.js';
export {
  splitText,
  splitTextByLine,
  type SplitTextByLineOptions,
  type SplitTextOptions,
  type TextSplit,
} from './tokens/split-text.js';
export { type TokenBuffer, tokensInMemory, type TokenSource } from './tokens/token-source.js';
export type {
  LineEnds,
  PieceDecoder,
  PieceEncoder,
  TextTokenizer,
  Tokenizer,
  TokenizerFit,
  UnknownCharacter,
} from './tokens/tokenizer.js';
