import { expectClose } from '@tools/testing';
import { expect, it } from 'vitest';
import { bitsPerText } from '../src/index.js';

it('a loss is what the text costs, whatever a token is', () => {
  // 8 characters, 10 bytes, one of 4 symbols each: 2 bits a character, as characters and as pairs of them.
  const text = { characters: 8, bytes: 10 };
  const asCharacters = bitsPerText(Math.log(4), { tokens: 8, ...text });
  const asPairs = bitsPerText(Math.log(16), { tokens: 4, ...text });
  for (const { bitsPerCharacter, bitsPerByte } of [asCharacters, asPairs]) {
    expectClose(bitsPerCharacter, 2, { relative: 1e-12 });
    expectClose(bitsPerByte, 1.6, { relative: 1e-12 });
  }
});

it('needs a text', () => {
  expect(() => bitsPerText(1, { tokens: 1, characters: 0, bytes: 1 })).toThrow(
    'bitsPerText: characters must be above 0; got 0',
  );
});
