import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkBoundaries } from '../src/check-boundaries.mjs';

type Tree = Readonly<Record<string, string | object>>;

const entry = (name: string): object => ({
  '@llm101/source': `./src/${name}.ts`,
  default: `./dist/${name}.js`,
});

/** Two packages, an application, an example and a tool that break no rule, and what they install. */
const sound: Tree = {
  'tools/boundaries/boundaries.json': {
    'packages/data': ['@outside/names-*'],
    'packages/training': ['@llm101/data (types only)', '@tensorflow/tfjs-core'],
    'apps/trainer': ['@llm101/*', 'commander'],
    'examples/*': ['@llm101/*'],
  },
  'packages/data/package.json': {
    name: '@llm101/data',
    exports: { '.': entry('index'), './node': entry('node/index') },
    dependencies: { '@outside/names-en': '1.0.0' },
  },
  'packages/data/src/index.ts': `export { load } from './text/load.js';\n`,
  'packages/data/src/error.ts': `export class DataError extends Error {}\n`,
  'packages/data/src/text/load.ts': `import names from '@outside/names-en';\nimport '../error.js';\nexport const load = names;\n`,
  'packages/data/src/node/index.ts': `import { readFileSync } from 'node:fs';\nimport '../text/load.js';\n`,
  'packages/data/test/load.test.ts': `import { train } from '@llm101/training/src/index.js';\n`,
  'packages/training/package.json': {
    name: '@llm101/training',
    exports: { '.': entry('index') },
    dependencies: { '@llm101/data': '0.0.0' },
    peerDependencies: { '@tensorflow/tfjs-core': '4.22.0' },
  },
  'packages/training/src/index.ts': [
    `import { tidy } from '@tensorflow/tfjs-core';`,
    `import type { Batch } from '@llm101/data';`,
    '',
  ].join('\n'),
  'apps/trainer/package.json': {
    name: '@llm101/trainer',
    dependencies: { commander: '14.0.3' },
    devDependencies: { '@llm101/data': '0.0.0', '@llm101/training': '0.0.0' }, // bundled
  },
  'apps/trainer/src/main.ts': [
    `import { join } from 'node:path';`,
    `import { Command } from 'commander';`,
    `import { loadText } from '@llm101/data/node';`,
    `const { train } = await import('@llm101/training');`,
    '',
  ].join('\n'),
  'examples/gpt/package.json': { name: '@examples/gpt', dependencies: { '@llm101/data': '0.0.0' } },
  'examples/gpt/src/main.ts': `import 'node:fs';\nimport { loadText } from '@llm101/data/node';\n`,
  'tools/bench/package.json': { name: '@tools/bench' },
  'tools/bench/src/main.mjs': `import 'node:fs';\nimport '@llm101/training';\nimport 'lodash';\n`,
  ...Object.fromEntries(
    ['@outside/names-en', '@tensorflow/tfjs-core', 'commander', 'lodash'].map((name) => [
      `node_modules/${name}/index.js`,
      'export {};\n',
    ]),
  ),
};

/** A repository in a new folder, removed after the test: a text or, for JSON, an object for each path. */
function writeTree(files: Tree): string {
  const root = mkdtempSync(join(tmpdir(), 'boundaries-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(
      join(root, path),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  }
  mkdirSync(join(root, 'node_modules/@llm101'), { recursive: true });
  for (const name of ['data', 'training']) {
    symlinkSync(join(root, 'packages', name), join(root, 'node_modules/@llm101', name));
  }
  return root;
}

describe('checkBoundaries', () => {
  it('finds nothing in a sound repository', async () => {
    expect(await checkBoundaries(writeTree(sound))).toEqual({ problems: [], files: 8 });
  });

  it.each<[string, Tree, string[]]>([
    [
      'a package that the table does not name',
      { 'packages/data/src/index.ts': `export * from '@llm101/training';\n` },
      [
        'packages/data/src/index.ts may not import packages/training/src/index.ts: it may import @outside/names-* (tools/boundaries/boundaries.json); let the application hand in what it needs',
        'packages: circle training -> data -> training; move what they share',
        'packages/data/package.json: its sources import @llm101/training; add it to the dependencies',
      ],
    ],
    [
      'a module from outside that the table does not name',
      { 'packages/data/src/error.ts': `export const late = import('lodash');\n` },
      [
        'packages/data/src/error.ts may not import node_modules/lodash/index.js: it may import @outside/names-*',
        'packages/data/package.json: its sources import lodash',
      ],
    ],
    [
      'a value where types alone are allowed',
      { 'packages/training/src/index.ts': `import { batch } from '@llm101/data';\n` },
      [
        'packages/training/src/index.ts may not import packages/data/src/index.ts: it may import @llm101/data (types only); write "import type"',
      ],
    ],
    [
      'an example that reaches into a package',
      { 'examples/gpt/src/main.ts': `import '@llm101/data/src/error.js';\n` },
      ['examples/gpt/src/main.ts may not import @llm101/data/src/error.js: nothing of that name'],
    ],
    [
      'a module of Node in the main entry',
      { 'packages/data/src/error.ts': `import { readFileSync } from 'node:fs';\n` },
      ["packages/data/src/error.ts may not import fs: a package's main entry runs in the browser"],
    ],
    [
      'the Node half of the own package',
      { 'packages/data/src/index.ts': `import './node/index.js';\n` },
      [
        "packages/data/src/index.ts may not import packages/data/src/node/index.ts: a package's main",
      ],
    ],
    [
      'the Node half of another package',
      { 'packages/training/src/index.ts': `import type { x } from '@llm101/data/node';\n` },
      [
        "packages/training/src/index.ts may not import packages/data/src/node/index.ts: a package's",
      ],
    ],
    [
      'a path out of the room, in a tool too',
      { 'tools/bench/src/main.mjs': `import '../../../packages/data/src/error.js';\n` },
      [
        'tools/bench/src/main.mjs may not import packages/data/src/error.ts: import the other package',
      ],
    ],
    [
      'a circle of files, types included',
      {
        'packages/data/src/a.ts': `import { b } from './b.js';\n`,
        'packages/data/src/b.ts': `import type { a } from './a.js';\n`,
      },
      [
        'packages/data/src: circle a.ts -> b.ts -> a.ts; move what they share below them (packages/data/src/a.ts imports ./b.js; packages/data/src/b.ts imports ./a.js)',
      ],
    ],
    [
      'a circle of folders without one of files',
      {
        'packages/data/src/tokens/encode.ts': `import '../text/load.js';\n`,
        'packages/data/src/tokens/ids.ts': `export const ids = 1;\n`,
        'packages/data/src/text/lines.ts': `import { ids } from '../tokens/ids.js';\n`,
      },
      ['packages/data/src: circle text -> tokens -> text; move what they share'],
    ],
    [
      'a file that imports itself by its package',
      { 'packages/data/src/index.ts': `import '@llm101/data';\n` },
      ['packages/data/src: circle index.ts -> index.ts'],
    ],
    [
      'a package that imports what is only there when it is built',
      {
        'packages/data/package.json': {
          name: '@llm101/data',
          exports: { '.': entry('index'), './node': entry('node/index') },
          devDependencies: { '@outside/names-en': '1.0.0' },
        },
      },
      ['packages/data/package.json: its sources import @outside/names-en; add it to the'],
    ],
    [
      'TensorFlow.js as a dependency of a package',
      {
        'packages/training/package.json': {
          name: '@llm101/training',
          exports: { '.': entry('index') },
          dependencies: { '@llm101/data': '0.0.0', '@tensorflow/tfjs-core': '4.22.0' },
        },
      },
      [
        'packages/training/package.json: @tensorflow/tfjs-core must be one copy; move it to peerDependencies',
      ],
    ],
    [
      'a package without a row',
      { 'packages/fresh/package.json': { name: '@llm101/fresh' } },
      ['tools/boundaries/boundaries.json: packages/fresh has no row; say what it may import'],
    ],
  ])('reports %s', async (_name, changes, expected) => {
    const { problems } = await checkBoundaries(writeTree({ ...sound, ...changes }));
    expect(problems).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  it('reports a row without a package', async () => {
    const table = { ...Object(sound['tools/boundaries/boundaries.json']), 'packages/gone': [] };
    const tree = writeTree({ ...sound, 'tools/boundaries/boundaries.json': table });
    expect((await checkBoundaries(tree)).problems).toEqual([
      "tools/boundaries/boundaries.json: packages/gone doesn't exist; take its row out",
    ]);
  });
});

it('has the lint find what concerns one file', () => {
  const files = {
    'packages/data/src/random.ts': `Math.random();`,
    'packages/data/src/taken-out.ts': `({ random } = Math);`,
    'examples/gpt/src/random.ts': `Math['random']();`,
    'tools/bench/src/random.ts': `Math.random();`, // may
    'apps/trainer/src/old-name.ts': `import 'fs';`,
    'packages/data/src/inside.ts': `import '@tensorflow/tfjs-core/dist/x';`,
    'packages/data/src/type.ts': `import { type X } from 'x';`,
    'packages/data/src/a.ts': `import type { b } from './b.js';`,
    'packages/data/src/b.ts': `import type { a } from './a.js';`,
  };
  const repository = fileURLToPath(new URL('../../..', import.meta.url));
  const root = writeTree(files);
  cpSync(join(repository, '.oxlintrc.json'), join(root, '.oxlintrc.json'));
  const program = join(repository, 'node_modules/oxlint/bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [program, '-f', 'unix'], {
    cwd: root,
    encoding: 'utf8',
  });
  const found = [
    ...stdout.matchAll(
      /^([^:\n]+):.*\((no-restricted-\w+|prefer-node-protocol|no-import-type-side-effects|no-cycle)\)/gm,
    ),
  ];
  expect(found.map(([, file, rule]) => `${file} ${rule}`).sort()).toEqual([
    'apps/trainer/src/old-name.ts prefer-node-protocol',
    'examples/gpt/src/random.ts no-restricted-properties',
    'packages/data/src/a.ts no-cycle',
    'packages/data/src/b.ts no-cycle',
    'packages/data/src/inside.ts no-restricted-imports',
    'packages/data/src/random.ts no-restricted-properties',
    'packages/data/src/taken-out.ts no-restricted-properties',
    'packages/data/src/type.ts no-import-type-side-effects',
  ]);
});
