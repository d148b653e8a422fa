import { expect, test } from 'vitest';
import { visible } from '../src/parts/visible.js';

test.each([
  ['a b\n\t', 'a␣b⏎⇥'],
  ['\u0000', '<U+0000>'],
  ['x\u007F\u0085', 'x<U+007F><U+0085>'],
  ['\u00A0', '<U+00A0>'],
  ['\u200D', '<U+200D>'],
  ['\u202E\uFEFF', '<U+202E><U+FEFF>'],
  ['\u{E0001}', '<U+E0001>'],
  ['\u0301', '◌\u0301'],
  ['👨‍👩‍👧', '👨‍👩‍👧'],
  ['e\u0301', 'e\u0301'],
  ['', ''],
])('%j is seen as %s', (text, seen) => {
  expect(visible(text)).toBe(seen);
});
