export { loadText, type NodeLoadTextOptions } from './load-text.js';
export { type NodeTextPiecesOptions, textPieces } from './text-pieces.js';
export type { TokenFile } from './file-tokens.js';
export {
  type EncodedFile,
  encodeToFile,
  openTokenFile,
  type TokenFileOptions,
} from './token-file.js';
