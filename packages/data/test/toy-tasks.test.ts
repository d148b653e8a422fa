import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  dataSetOf,
  dataSets,
  loadText,
  parseToyTask,
  splitLines,
  toyTaskName,
  toyTasks,
} from '../src/index.js';
import { loadText as loadTextOnNode, textPieces } from '../src/node/index.js';

const names = [...toyTasks.keys()];

async function linesOf(source: string): Promise<(readonly [question: string, answer: string])[]> {
  return splitLines((await loadText(source)).text).map((line) => {
    const [question, answer, ...more] = line.split('=');
    expect(more).toEqual([]);
    return [question, answer];
  });
}

/** What the answer of a question must be, another way than it is made. */
const answers: Readonly<Record<string, (question: string) => string>> = {
  dyck: (question) =>
    Array.from(unpaired(question), (open) => ')]}>'['([{<'.indexOf(open)])
      .toReversed()
      .join(''),
  copy: (question) => question,
  reverse: (question) => Array.from(question).reduce((rest, letter) => letter + rest, ''),
  sort: (question) =>
    Array.from('abcdefghijklmnopqrstuvwxyz')
      .map((letter) => letter.repeat(question.split(letter).length - 1))
      .join(''),
  parity: (question) => String((question.split('1').length - 1) % 2),
  addition: (question) => question.split('+').reduce((sum, n) => String(BigInt(sum) + BigInt(n))),
  'modular-addition': (question) => {
    const [a, b] = question.split('+').map(Number);
    return String((a + b) % 97).padStart(2, '0');
  },
};

/** What is left of brackets once pairs are taken out: open ones. */
function unpaired(brackets: string): string {
  const less = brackets.replaceAll(/\(\)|\[\]|\{\}|<>/g, '');
  return less === brackets ? brackets : unpaired(less);
}

describe('a toy task', () => {
  it.each(names)(
    '%s has as many different questions as it says, each with its answer',
    async (name) => {
      const lines = await linesOf(name);
      const questions = new Set(lines.map(([question]) => question));
      expect(questions.size).toBe(lines.length);
      const all = 97 ** 2; // pairs of numbers
      const expected =
        { parity: 2 ** 11 - 2, addition: 5000, 'modular-addition': all }[name] ?? 10_000;
      expect(lines.length).toBe(expected);
      for (const [question, answer] of lines) {
        expect(answer, question).toBe(answers[name](question));
      }
    },
  );
  it('is the same text everywhere', async () => {
    const hashes: Record<string, string> = {};
    for (const name of names) {
      const { text, sha256 } = await loadText(name);
      expect(createHash('sha256').update(text).digest('hex')).toBe(sha256);
      hashes[name] = sha256.slice(0, 16);
    }
    expect(hashes).toMatchInlineSnapshot(`
      {
        "addition": "ac63bd57a0c81b55",
        "copy": "c102b078bc767468",
        "dyck": "22bd2c2d624589d1",
        "modular-addition": "eb8825f4d84cd14d",
        "parity": "b89b8a8926e76c80",
        "reverse": "c7908afcbf69b79a",
        "sort": "b0943e06c4c4bdab",
      }
    `);
  });
  it('has questions of every length that it may have, and of no other', async () => {
    const lengths = new Set(
      (await linesOf('sort:shortest=3,length=6')).map(([{ length }]) => length),
    );
    expect([...lengths].toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6]);
  });
  it('has as many different symbols, brackets or digits as its sizes say', async () => {
    const symbolsOf = async (source: string): Promise<string> =>
      [...new Set((await linesOf(source)).join(''))].toSorted().join('');
    expect(await symbolsOf('copy:symbols=3')).toBe(',abc');
    expect(await symbolsOf('dyck:brackets=1')).toBe('(),');
    expect(await symbolsOf('dyck:brackets=4')).toBe('(),<>[]{}');
    const longest = Math.max(
      ...(await linesOf('addition:digits=15')).map(([{ length }]) => length),
    );
    expect(longest).toBe(31);
  });
  it('ends where there is no other question', async () => {
    expect((await linesOf('copy:symbols=2,length=3')).length).toBe(2 + 4 + 8);
    expect((await linesOf('addition:digits=1')).length).toBe(100);
    expect((await linesOf('parity:length=7')).length).toBe(2 ** 8 - 2);
    expect((await linesOf('modular-addition:modulus=2,lines=3')).length).toBe(3);
  });
  it('has other questions with another seed', async () => {
    const [a, b] = await Promise.all(['sort:seed=1', 'sort:seed=2'].map(linesOf));
    expect(a).not.toEqual(b);
    expect(a).toEqual(await linesOf('sort'));
  });
});

describe('the name of a toy task', () => {
  it('is found with sizes and without', async () => {
    expect(dataSets.get('sort')).toMatchObject({ examples: 'lines', answerAfter: '=' });
    expect(dataSetOf('sort:lines=50')).toMatchObject({ examples: 'lines', answerAfter: '=' });
    expect(dataSetOf('names')).toBe(dataSets.get('names'));
    expect(dataSetOf('./sort')).toBeUndefined();
    expect(dataSetOf('https://example.org/sort')).toBeUndefined();
    const browser = await loadText('sort:lines=50,length=3');
    expect(await loadTextOnNode('sort:lines=50,length=3')).toEqual(browser);
    let text = '';
    for await (const piece of textPieces('sort:lines=50,length=3')) text += piece;
    expect(text).toBe(browser.text);
  });
  it('says what a size can be', async () => {
    const rules = {
      'sort:length=0': 'sort whose length is a whole number from 1 to 100',
      'sort:length=101': 'sort whose length is a whole number from 1 to 100',
      'sort:shortest=9': 'sort whose shortest is at most its length, 8',
      'sort:lines=1': 'sort whose lines is a whole number from 2 to 100000',
    };
    for (const [source, rule] of Object.entries(rules)) {
      expect(parseToyTask(source)).toEqual({ rule });
      await expect(loadText(source)).rejects.toThrow(`the data set must be ${rule}; got ${source}`);
    }
    for (const sizes of [
      '',
      'size=3',
      'length',
      'length=',
      'length=3.5',
      'length=-1',
      'constructor=1',
    ]) {
      expect(parseToyTask(`sort:${sizes}`), sizes).toEqual({
        rule: 'sort with some of its sizes (symbols, length, shortest, lines, seed), each once, as sort:lines=2000,seed=2',
      });
    }
    expect(parseToyTask('sort:length=3,length=3')).toHaveProperty('rule');
  });
  it('is written without sizes that it has anyway', () => {
    expect(toyTaskName('sort')).toBe('sort');
    expect(toyTaskName('sort', { length: 5, seed: 1, lines: 2000 })).toBe(
      'sort:length=5,lines=2000',
    );
    const { name, sizes } = { name: 'dyck', sizes: { brackets: 3, length: 4 } };
    expect(parseToyTask(toyTaskName(name, sizes))).toMatchObject({ name, sizes });
    expect(() => toyTaskName('names')).toThrow('toyTaskName: it must be a toy task (copy, reverse');
    expect(() => toyTaskName('sort', { length: 0 })).toThrow(
      'whose length is a whole number from 1',
    );
  });
});
