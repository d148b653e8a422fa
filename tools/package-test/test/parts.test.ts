import { describe, expect, it } from 'vitest';
import { consumerModules, installedByReadme, readmeSnippets } from '../src/consumer-modules.mjs';
import { strayFiles } from '../src/tarball.mjs';
import { lacksForRegistry, withDependencies } from '../src/workspace.mjs';

const readme = [
  '# x',
  '```sh',
  'npm install --save @scope/x \\',
  '  other@1.2.3',
  'npm run build',
  '```',
  '```ts',
  'console.log(1);',
  '```',
  '```text',
  '1',
  '```',
  '```ts no-run',
  'broken(',
  '```',
  '```ts',
  `import { readFileSync } from 'node:fs';`,
  '```',
  '## Output',
  '```text',
  'of something else',
  '```',
  '',
].join('\n');

describe('the README', () => {
  it('gives its snippets with what they print', () => {
    expect(readmeSnippets(readme)).toEqual([
      { code: 'console.log(1);\n', line: 8, output: '1' },
      { code: `import { readFileSync } from 'node:fs';\n`, line: 17, output: undefined },
    ]);
  });
  it('says what to install', () => {
    expect(installedByReadme(readme)).toEqual(['@scope/x', 'other@1.2.3']);
  });
});

describe('consumerModules', () => {
  it('takes each snippet and each entry', () => {
    const exports = { '.': {}, './node': {}, './package.json': './package.json' };
    const modules = consumerModules({ name: '@scope/x', exports }, readme);
    expect(modules.map(({ where, needsNode }) => [where, needsNode])).toEqual([
      ['README.md:8', false],
      ['README.md:17', true],
      ['@scope/x', false],
      ['@scope/x/node', true],
    ]);
  });
});

describe('strayFiles', () => {
  const required = ['package.json', 'README.md', 'LICENSE'];

  it('lets code, types, maps and sources pass', () => {
    const files = ['dist/index.js', 'dist/index.d.ts.map', 'src/index.ts', 'dist/kernels.wasm'];
    expect(strayFiles([...required, ...files])).toEqual([]);
  });
  it.each([
    ['dist/.tsbuildinfo', 'a hidden file; add "!dist/.*" to "files"'],
    ['dist/.readme/snippet.ts', 'a hidden file'],
    ['dist/tsconfig.tsbuildinfo', 'a note of the compiler'],
    ['test/x.ts', 'a test; leave its folder out'],
    ['src/x.test.ts', 'a test; move it'],
    ['tsconfig.json', 'a setting of the compiler'],
    ['x-1.0.0.tgz', 'left behind; delete it'],
  ])('reports %s', (file, kind) => {
    expect(strayFiles([...required, file])).toEqual([
      expect.stringContaining(`${file} is ${kind}`),
    ]);
  });
  it('reports what is missing', () => {
    expect(strayFiles(['package.json', 'README.md'])).toEqual([
      "LICENSE is missing; add it to the package's folder",
    ]);
  });
});

describe('withDependencies', () => {
  it('follows dependencies and peers through the repository, each once', () => {
    const workspaces = new Map(
      Object.entries({
        a: { dependencies: { b: '1', outside: '1' } },
        b: { peerDependencies: { c: '1', a: '1' } },
        c: {},
        d: {},
      }).map(([name, manifest]) => [name, { folder: name, manifest: { name, ...manifest } }]),
    );
    expect(withDependencies(workspaces, ['a', 'c']).map(({ folder }) => folder)).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});

describe('lacksForRegistry', () => {
  const whole = {
    name: '@scope/x',
    description: 'Does x.',
    keywords: ['x'],
    repository: { directory: 'packages/x' },
    homepage: 'https://example.org/tree/main/packages/x#readme',
    bugs: 'https://example.org/issues',
  };
  it('is silent about a whole manifest', () => {
    expect(lacksForRegistry(whole)).toEqual([]);
  });
  it('names what is missing, and a homepage of another package', () => {
    expect(lacksForRegistry({ name: '@scope/x' })).toHaveLength(5);
    expect(
      lacksForRegistry({ ...whole, keywords: [], homepage: 'https://example.org/packages/y#' }),
    ).toEqual([
      'keywords must have a word that one would search for',
      'homepage must lead to the README in packages/x; got https://example.org/packages/y#',
    ]);
  });
});
