import { describe, expect, it } from 'vitest';
import { findCycles } from '../src/find-cycles.mjs';
import { parseSource } from '../src/parse-source.mjs';
import { findArrow, parseTable } from '../src/table.mjs';

describe('findCycles', () => {
  const graph = (edges: string): Map<string, string[]> => {
    const pairs = edges.split(' ').map((edge) => edge.split('>'));
    const nodes = [...new Set(pairs.flat())];
    return new Map(
      nodes.map((node) => [node, pairs.filter(([from]) => from === node).map(([, to]) => to)]),
    );
  };
  it.each([
    ['a>b b>c a>c', []],
    ['a>a', [['a']]],
    ['x>b b>a a>b', [['a', 'b']]],
    ['b>c c>d d>b c>b', [['b', 'c']]],
    [
      'a>b b>a c>d d>c b>c',
      [
        ['c', 'd'],
        ['a', 'b'],
      ],
    ],
  ])('%s', (edges, cycles) => {
    expect(findCycles(graph(edges))).toEqual(cycles);
  });
});

describe('parseSource', () => {
  it.each([
    [`import a from 'm';`, false],
    [`import 'm';`, false],
    [`import { type A } from 'm';`, false],
    [`import type { A } from 'm';`, true],
    [`export * from 'm';`, false],
    [`export { a } from 'm';`, false],
    [`export type { A } from 'm';`, true],
    [`let a: import('m').A;`, true],
    [`await import('m');`, false],
    [`require('m');`, false],
    [`import a = require('m');`, false],
  ])('finds the module in %s', (text, typesOnly) => {
    expect(parseSource('x.ts', `\n${text}`).imports).toEqual([
      { specifier: 'm', line: 2, typesOnly },
    ]);
  });
  it.each([`// import 'm';`, `const text = "import 'm'";`, `await import(name);`, `export {};`])(
    'finds none in %s',
    (text) => {
      expect(parseSource('x.ts', text).imports).toEqual([]);
    },
  );
});

describe('the table', () => {
  it('knows names, beginnings of names, and types only', () => {
    const arrows =
      parseTable('{"packages/a": ["b", "@c/d-*", "e (types only)"]}').get('packages/a') ?? [];
    expect(findArrow(arrows, 'b')?.typesOnly).toBe(false);
    expect(findArrow(arrows, '@c/d-x')?.pattern).toBe('@c/d-*');
    expect(findArrow(arrows, 'e')?.typesOnly).toBe(true);
    expect(findArrow(arrows, 'bb')).toBeUndefined();
  });
  it.each(['[]', '{"packages/a": "b"}', '{"packages/a": [1]}'])('refuses %s', (json) => {
    expect(() => parseTable(json)).toThrow(TypeError);
    expect(() => parseTable(json)).toThrow('tools/boundaries/boundaries.json: ');
  });
});
