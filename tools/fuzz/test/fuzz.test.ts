// A few inputs for each reader; `npm run fuzz` gives many.
import { Generator } from '@llm101/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { mutateBytes, mutateJson } from '../src/mutate.mjs';
import { makeTargets, type Target } from '../src/targets.mjs';
import { tryCase } from '../src/try-case.mjs';

const CASES = 150;
let targets: Target[] = [];
beforeAll(async () => {
  targets = await makeTargets();
});

it('each reader reads or refuses', async () => {
  for (const target of targets) {
    let refused = 0;
    for (let number = 0; number < CASES; number++) {
      const result = await tryCase(target, 7, number);
      expect(result, `${target.name}, case ${number}`).not.toHaveProperty('problem');
      if ('refused' in result && result.refused) refused++;
    }
    // inputs that are all refused at once would try nothing
    expect(refused, target.name).toBeLessThan(CASES);
  }
});

describe('a case', () => {
  it('is the same each time', async () => {
    for (const { input } of targets) {
      expect(input(Generator.seeded(3))).toEqual(input(Generator.seeded(3)));
    }
  });
  it('fails by an error that is not the reader’s own', async () => {
    const broken: Target = {
      name: 'broken',
      input: () => new Uint8Array(3),
      read: () => JSON.parse('{'),
      refuses: [RangeError],
    };
    expect(await tryCase(broken, 1, 1)).toHaveProperty('problem');
  });
});

describe('mutations', () => {
  it('are other bytes, and JSON with other values', () => {
    const random = Generator.seeded(5);
    const json = '{"a":[1,"b",null],"c":{"d":true}}';
    const texts = Array.from({ length: 300 }, () => mutateJson(json, random));
    expect(new Set(texts).size).toBeGreaterThan(150);
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    expect(texts.filter(isJson).length).toBeGreaterThan(100);
    const files = Array.from({ length: 100 }, () => mutateBytes(new Uint8Array(20), random));
    expect(new Set(files.map(String)).size).toBeGreaterThan(60);
  });
});
