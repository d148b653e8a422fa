import { describe, expect, test } from 'vitest';
import { partsOf } from '../src/parts/linked-text.js';
import { de } from '../src/strings/de.js';
import { en } from '../src/strings/en.js';
import { enLater } from '../src/strings/later.js';

/** What a language has, by where it is: a sentence as it is, one of parts as how many it takes. */
function sentences(of: unknown, path = ''): [string, unknown][] {
  if (typeof of === 'function') return [[path, of]];
  if (typeof of !== 'object' || of === null) return [[path, of]];
  return Object.entries(of).flatMap(([key, value]) => sentences(value, `${path}/${key}`));
}

const [english, german] = [new Map(sentences({ ...en, ...enLater })), new Map(sentences(de))];

/** Words that are the same in both. */
const SAME = new Set([
  'Addition',
  'Attention',
  'Batch',
  'Checkpoint',
  'Embedding',
  'Parameter',
  'Rate',
  'Relaxed SIMD',
  'Text',
  'Threads',
  'Token',
  'Top k',
  'Top p',
  'Training',
  'x',
  'y',
  '–',
]);

const isSame = (text: unknown): boolean =>
  typeof text === 'string' && (SAME.has(text) || /^(?:https:|\.\.\/)/.test(text));

describe('another language', () => {
  test('has every sentence, and no other', () => {
    expect([...german.keys()].toSorted()).toEqual([...english.keys()].toSorted());
  });

  test('makes sentences of the same parts', () => {
    for (const [path, value] of english) {
      expect(typeof german.get(path), path).toBe(typeof value);
      if (typeof value !== 'function') continue;
      const other = german.get(path) as (...parts: unknown[]) => string;
      expect(other, path).toHaveLength(value.length);
    }
  });

  test('leaves no sentence empty or in English', () => {
    const untranslated = [...english].filter(
      ([path, text]) => typeof text === 'string' && text === german.get(path) && !isSame(text),
    );
    expect(untranslated).toEqual([]);
    expect([...german].filter(([, text]) => text === '')).toEqual([]);
  });

  test('has the same links in the same sentences', () => {
    const linksOf = (text: unknown): string[] =>
      typeof text === 'string'
        ? partsOf(text).flatMap((part) => (typeof part === 'string' ? [] : part.name))
        : [];
    for (const [path, text] of english) {
      expect(linksOf(german.get(path)).toSorted(), path).toEqual(linksOf(text).toSorted());
    }
  });
});
