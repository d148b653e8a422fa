export { loadText, type NodeLoadTextOptions } from './load-text.js';
export { type NodeTextPiecesOptions, textPieces } from './text-pieces.js';
