import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { expect, describe, it } from 'vitest';
import { addReference, addRow } from '../src/workspace.mjs';
import { lectureGenerator, packageGenerator } from '../src/generators.mjs';

const tsconfig = `{
  "files": [],
  "references": [
    { "path": "packages/random" },
    { "path": "apps/trainer" }
  ]
}
`;

function repository(): Tree {
  const tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  tree.write('LICENSE', 'MIT\n');
  tree.write('tsconfig.json', tsconfig);
  tree.write(
    'tools/boundaries/boundaries.json',
    '{ "packages/random": [], "apps/trainer": ["*"] }',
  );
  tree.write('packages/random/package.json', '{ "version": "1.2.3" }');
  tree.write('apps/trainer/package.json', '{}');
  return tree;
}

it('a lecture depends on the packages’ version', async () => {
  const tree = repository();
  tree.write('tsconfig.json', tsconfig.replace('apps/trainer', 'examples/bigram'));
  await lectureGenerator(tree, { name: 'seen', description: 'Sees.' });
  const { dependencies } = JSON.parse(tree.read('examples/seen/package.json', 'utf8') ?? '') as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const ours = Object.entries(dependencies).filter(([name]) => name.startsWith('@llm101/'));
  expect(new Set(ours.map(([, version]) => version))).toEqual(new Set(['1.2.3']));
});

describe('packageGenerator', () => {
  it('makes a package and enters it', async () => {
    const tree = repository();
    await packageGenerator(tree, { name: 'layer-norm', description: 'Says "no" & <normalises>.' });
    const made = tree
      .listChanges()
      .map(({ path }) => path)
      .filter((path) => path.startsWith('packages/layer-norm/'));
    expect(made.toSorted()).toEqual(
      [
        'LICENSE',
        'README.md',
        'package.json',
        'src/index.ts',
        'src/mean.ts',
        'test/layer-norm.test.ts',
        'test/readme.test.ts',
        'test/tsconfig.json',
        'tsconfig.json',
      ].map((path) => `packages/layer-norm/${path}`),
    );
    const manifest: unknown = JSON.parse(
      tree.read('packages/layer-norm/package.json', 'utf8') ?? '',
    );
    expect(manifest).toMatchObject({
      name: '@llm101/layer-norm',
      version: '1.2.3', // as the others have it
      description: 'Says "no" & <normalises>.',
      repository: { directory: 'packages/layer-norm' },
    });
    expect(tree.read('packages/layer-norm/README.md', 'utf8')).toContain(
      '# @llm101/layer-norm\n\nSays "no" & <normalises>.\n',
    );
    expect(tree.read('tsconfig.json', 'utf8')).toContain('"path": "packages/layer-norm"');
    expect(tree.read('tools/boundaries/boundaries.json', 'utf8')).toContain('packages/layer-norm');
  });

  it.each([
    ['LayerNorm', 'A line.', 'package: name must be kebab-case, like info-theory; got "LayerNorm"'],
    ['../evil', 'A line.', 'name must be kebab-case'],
    ['-a', 'A line.', 'name must be kebab-case'],
    ['random', 'A line.', 'package: packages/random exists already; choose another name'],
    ['trainer', 'A line.', 'package: apps/trainer exists already; choose another name'],
    ['fresh', '', 'package: description must be a line of text; give --description "…"'],
    ['fresh', 'two\nlines', 'description must be a line of text'],
  ])('refuses %s, "%s"', async (name, description, message) => {
    const tree = repository();
    const before = tree.listChanges().length;
    await expect(packageGenerator(tree, { name, description })).rejects.toThrow(message);
    expect(tree.listChanges()).toHaveLength(before);
  });
});

describe('addReference', () => {
  it('adds a line after the last package', () => {
    expect(addReference(tsconfig, 'packages/fresh')).toBe(
      tsconfig.replace('random" },\n', 'random" },\n    { "path": "packages/fresh" },\n'),
    );
  });
  it('minds the comma at the end of the list', () => {
    const short = '{ "references": [\n  { "path": "packages/a" }\n] }\n';
    expect(addReference(short, 'packages/b')).toBe(
      '{ "references": [\n  { "path": "packages/a" },\n  { "path": "packages/b" }\n] }\n',
    );
  });
  it('refuses a file without packages', () => {
    expect(() => addReference('{}', 'packages/b')).toThrow(RangeError);
  });
});

describe('addRow', () => {
  it('adds a row after the last package', () => {
    const table = addRow('{ "packages/a": ["x"], "apps/t": [] }', 'b');
    expect(Object.entries(JSON.parse(table) as object)).toEqual([
      ['packages/a', ['x']],
      ['packages/b', []],
      ['apps/t', []],
    ]);
  });
});
