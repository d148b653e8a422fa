import { Generator } from '@llm101/random';
import type { CoderName } from '@llm101/info-theory';
import { describe, expect, it } from 'vitest';
import { MODELS, checkFile } from '../src/check-file.mjs';
import { mutate, randomFile } from '../src/random-file.mjs';

const subjects: [CoderName, string, number][] = [
  ['huffman', 'counts', 100],
  ['arithmetic', 'counts', 200],
  ['rans', 'counts', 200],
  ['arithmetic', 'mixing order=2', 10],
  ['rans', 'ngrams order=6', 4],
];

it.each(subjects)(
  '%s, %s: %i random files come back, altered ones are found',
  (coder, name, files) => {
    const random = Generator.seeded(7);
    for (let i = 0; i < files; i++) {
      expect(checkFile(randomFile(random), { coder, name }, random), `file ${i}`).toBeUndefined();
    }
  },
);

describe('what is put in', () => {
  it('is of all lengths and kinds', () => {
    const random = Generator.seeded(1);
    const files = Array.from({ length: 400 }, () => randomFile(random));
    const lengths = files.map((file) => file.length);
    expect(Math.min(...lengths)).toBe(0);
    expect(Math.max(...lengths)).toBeGreaterThan(4000);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(4096);
    const kinds = files.filter((file) => file.length > 500).map((file) => new Set(file).size);
    expect(kinds.some((kind) => kind > 200)).toBe(true);
    expect(kinds.some((kind) => kind < 10)).toBe(true);
  });
  it('a mutation is always another file', () => {
    const random = Generator.seeded(2);
    for (let i = 0; i < 500; i++)
      expect(mutate(Uint8Array.of(1, 1), random)).not.toEqual(Uint8Array.of(1, 1));
  });
  it('each call makes a new model', () => {
    expect(MODELS['counts']()).not.toBe(MODELS['counts']());
  });
});
