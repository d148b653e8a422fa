import { describe, expect, it } from 'vitest';
import { brokenAddresses, whereTo } from '../src/links.mjs';
import { entryName, groupOf, groupOrder, takeTitle } from '../src/pages.mjs';

describe('a title', () => {
  it('is the first heading, which leaves the page', () => {
    expect(takeTitle([{ kind: 'text', text: '# Shapes\n\nB is …' }])).toEqual({
      title: 'Shapes',
      content: [{ kind: 'text', text: 'B is …' }],
    });
  });
  it('may hold code, and what follows stays as it is', () => {
    const link = { kind: 'code', text: '`x`' } as const;
    expect(
      takeTitle([
        { kind: 'text', text: '# 0002 ' },
        { kind: 'code', text: '`normal`' },
        { kind: 'text', text: ' in single\n\n## Context ' },
        link,
      ]),
    ).toEqual({
      title: '0002 normal in single',
      content: [{ kind: 'text', text: '## Context ' }, link],
    });
  });
  it('is missing where the page begins otherwise', () => {
    for (const text of ['Words.\n\n# Later\n', '## Too deep\n\nWords.', '# No end', '']) {
      expect(takeTitle([{ kind: 'text', text }])).toEqual({
        title: undefined,
        content: [{ kind: 'text', text }],
      });
    }
  });
});

describe('a link to a path', () => {
  const files = [
    'docs/a.svg',
    'packages/data/README.md',
    'packages/data/src/x.ts',
    'tools/t/README.md',
  ];
  const facts = {
    isFile: (path: string) => files.includes(path),
    isFolder: (path: string) => files.some((file) => file.startsWith(`${path}/`)),
    isPage: (path: string) => path.startsWith('packages/'),
  };
  const repository = 'https://github.com/llm101/llm101-ts';
  it.each([
    ['docs/a.svg', { kind: 'figure' }],
    ['packages/data', { kind: 'page', path: 'packages/data/README.md' }],
    [
      'packages/data/src/x.ts',
      { kind: 'address', address: `${repository}/blob/main/packages/data/src/x.ts` },
    ],
    [
      'packages/data/src',
      { kind: 'address', address: `${repository}/tree/main/packages/data/src` },
    ],
    ['tools/t', { kind: 'address', address: `${repository}/tree/main/tools/t` }],
    ['packages/gone', { kind: 'nowhere' }],
    ['../outside', { kind: 'nowhere' }],
  ])('%s', (path, place) => {
    expect(whereTo(path, facts)).toEqual(place);
  });
});

it('an address must have a host; code and what isn’t linked don’t count', () => {
  const text =
    'See [a](https://arxiv.org/abs/1) and <https://x.org/>, `[b](https:///c)`, https://y.';
  expect(brokenAddresses(text)).toEqual([]);
  expect(brokenAddresses('[a](https://) [b](http://localhost:80/) <https://arxiv>')).toEqual([
    'https://',
    'https://arxiv',
  ]);
});

it('every page has a group that the navigation knows', () => {
  const pages = {
    'docs/lectures/06-line-by-line.md': 'Lectures',
    'docs/lectures/06-information-theory.md': 'Lectures',
    'docs/decisions/0001-pytorch-names-and-layouts.md': 'Decisions',
    'docs/shapes.md': 'Design',
    'ARCHITECTURE.md': 'Design',
    'SECURITY.md': 'Taking part',
    'apps/trainer/README.md': 'The command',
    'examples/gru/README.md': 'Examples',
    'tools/bench/README.md': 'Tools',
  };
  for (const [path, group] of Object.entries(pages)) {
    expect(groupOf(path)).toBe(group);
    expect(groupOrder).toContain(group);
  }
});

it.each([
  ['src', '@llm101/q'],
  ['packages/q/src/node', '@llm101/q/node'],
  ['src/text', '@llm101/q/text'],
  ['src/other', 'src/other'],
])('a module %s is named %s', (path, name) => {
  const exports = {
    '.': './src/index.ts',
    './node': { '@llm101/source': './src/node/index.ts', default: './dist/node/index.js' },
    './text': './src/text.ts',
  };
  expect(entryName(path, { name: '@llm101/q', exports })).toBe(name);
});
