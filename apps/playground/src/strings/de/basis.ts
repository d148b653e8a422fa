import type { enBasis } from '../en/basis.js';

/** Der Satz zu Gewichten, mit denen der nächste Lauf beginnt. */
export const deBasis: typeof enBasis = {
  begins: (name) => `Er beginnt mit den Gewichten von ${name}.`,
  tokenizer: 'Er hat den Tokenizer des Laufs, der hereinkam.',
  fixed: 'Art, Größen und Tokenizer sind die ihren.',
  without: 'Stattdessen von vorn beginnen',
};
