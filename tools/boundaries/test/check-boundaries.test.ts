import { describe, expect, it } from 'vitest';
import { checkBoundaries } from '../src/check-boundaries.mjs';
import { formatViolation } from '../src/violation.mjs';
import { writeTree } from './write-tree.js';

type Tree = Readonly<Record<string, string | object>>;

const entry = (name: string): object => ({
  '@llm101/source': `./src/${name}.ts`,
  default: `./dist/${name}.js`,
});

/** Two packages, an application and a tool that break no rule. */
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
  'packages/data/src/index.ts': `export { load } from './load.js';\n`,
  'packages/data/src/load.ts': `import names from '@outside/names-en';\nexport const load = names;\n`,
  'packages/data/src/node/index.ts': `import { readFileSync } from 'node:fs';\nimport '../load.js';\n`,
  'packages/data/test/load.test.ts': `import { train } from '@llm101/training/src/index.js';\n`,
  'packages/training/package.json': {
    name: '@llm101/training',
    exports: { '.': entry('index') },
    dependencies: { '@llm101/data': '0.0.0' },
    peerDependencies: { '@tensorflow/tfjs-core': '4.22.0' },
  },
  'packages/training/src/index.ts': [
    `import { tidy } from '@tensorflow/tfjs-core';`,
    `import type { Rank } from '@tensorflow/tfjs-core/dist/types';`,
    `import type { Batch } from '@llm101/data';`,
    `export type Other = import('@llm101/data').Batch; // Math.random is only named here`,
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
    `const jitter = Math.random();`,
    '',
  ].join('\n'),
  'examples/gpt/package.json': { name: '@examples/gpt', dependencies: { '@llm101/data': '0.0.0' } },
  'examples/gpt/src/main.ts': `import 'node:fs';\nimport { loadText } from '@llm101/data/node';\n`,
  'tools/bench/package.json': { name: '@tools/bench' },
  'tools/bench/src/main.mjs': `import 'node:fs';\nimport '@llm101/training';\nimport 'anything';\n`,
};

/** What is reported when these files stand in place of the sound ones. */
function violations(changes: Tree): string[] {
  return checkBoundaries(writeTree({ ...sound, ...changes })).violations.map(formatViolation);
}

const dataManifest = sound['packages/data/package.json'];

describe('checkBoundaries', () => {
  it('finds nothing in a sound repository and counts what it read', () => {
    expect(checkBoundaries(writeTree(sound))).toEqual({
      violations: [],
      packages: 4,
      files: 7,
      imports: 17,
    });
  });

  it.each<[string, Tree, string[]]>([
    [
      'a package that the table does not name',
      {
        'packages/data/src/index.ts': `\n\nexport * from '@llm101/training';\n`,
      },
      [
        'packages/data/src/index.ts:3: data may not import training; it may import @outside/names-* (tools/boundaries/boundaries.json); let the application hand in what it needs',
      ],
    ],
    [
      'a module from outside that the table does not name',
      { 'packages/data/src/load.ts': `export const late = import('lodash');\n` },
      ['packages/data/src/load.ts:1: data may not import lodash; it may import'],
    ],
    [
      'a value where types alone are allowed',
      { 'packages/training/src/index.ts': `import { type Batch } from '@llm101/data';\n` },
      [
        'packages/training/src/index.ts:1: training may import only types from data; write "import type"',
      ],
    ],
    [
      'an example that reaches into a package, or draws where no seed reaches',
      {
        'examples/gpt/src/main.ts': `import '@llm101/data/src/load.js';\nMath.random();\nimport 'lodash';\n`,
      },
      [
        'examples/gpt/src/main.ts:1: ./src/load.js reaches into @llm101/data; it exports ., ./node',
        'examples/gpt/src/main.ts:2: Math.random can be neither seeded nor saved',
        'examples/gpt/src/main.ts:3: @examples/gpt may not import lodash; it may import *',
      ],
    ],
    [
      'a module of Node in the main entry',
      { 'packages/data/src/load.ts': `import { readFileSync } from 'node:fs';\n` },
      [
        'packages/data/src/load.ts:1: data runs in the browser and may not import node:fs; what needs Node goes into src/node',
      ],
    ],
    [
      'a module of Node by its old name',
      { 'apps/trainer/src/main.ts': `import 'fs';\n` },
      ['apps/trainer/src/main.ts:1: write node:fs'],
    ],
    [
      'the Node half of the own package',
      { 'packages/data/src/load.ts': `import './node/index.js';\n` },
      [
        'packages/data/src/load.ts:1: ./node/index.js needs Node, and this file runs in the browser',
      ],
    ],
    [
      'the Node half of another package',
      { 'packages/training/src/index.ts': `import type { x } from '@llm101/data/node';\n` },
      ['packages/training/src/index.ts:1: @llm101/data/node needs Node, and this file runs in the'],
    ],
    [
      'what another package does not export',
      { 'apps/trainer/src/main.ts': `import '@llm101/data/src/load.js';\n` },
      [
        'apps/trainer/src/main.ts:1: ./src/load.js reaches into @llm101/data; it exports ., ./node; import one',
      ],
    ],
    [
      'the inside of a module from outside',
      { 'packages/training/src/index.ts': `import '@tensorflow/tfjs-core/dist/engine';\n` },
      [
        'packages/training/src/index.ts:1: @tensorflow/tfjs-core/dist/engine reaches into @tensorflow/tfjs-core; import from its main entry',
      ],
    ],
    [
      'a path out of the package, in a tool too',
      { 'tools/bench/src/main.mjs': `import '../../../packages/data/src/load.js';\n` },
      [
        'tools/bench/src/main.mjs:1: ../../../packages/data/src/load.js leaves tools/bench; import @llm101/data by its name',
      ],
    ],
    [
      'a cycle, types included',
      {
        'packages/data/src/a.ts': `import './load.js';\nimport { b } from './b.js';\n`,
        'packages/data/src/b.ts': `import type { a } from './a.js';\n`,
      },
      [
        'packages/data/src/a.ts:2: import cycle packages/data/src/a.ts -> packages/data/src/b.ts -> packages/data/src/a.ts; move what they share',
      ],
    ],
    [
      'a file that imports itself by its package',
      { 'packages/data/src/index.ts': `import '@llm101/data';\n` },
      [
        'packages/data/src/index.ts:1: import cycle packages/data/src/index.ts -> packages/data/src',
      ],
    ],
    [
      'Math.random in any form',
      {
        'packages/data/src/load.ts': [
          'Math.random();',
          `globalThis.Math['random']();`,
          'const { random: draw } = Math;',
          'const other = { random: 1 }.random;',
        ].join('\n'),
      },
      [1, 2, 3].map(
        (line) => `packages/data/src/load.ts:${line}: Math.random can be neither seeded`,
      ),
    ],
    [
      'a dependency that the table does not name',
      { 'packages/data/package.json': { ...Object(dataManifest), dependencies: { lodash: '4' } } },
      [
        'packages/data/package.json:14: packages/data may not depend on lodash; remove it, or allow it in',
        'packages/data/src/load.ts:1: @outside/names-en is imported here but not installed with',
      ],
    ],
    [
      'a package that imports what is only there when it is built',
      {
        'packages/data/package.json': {
          ...Object(dataManifest),
          dependencies: {},
          devDependencies: { '@outside/names-en': '1.0.0' },
        },
      },
      ['packages/data/src/load.ts:1: @outside/names-en is imported here but not installed with'],
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
      ['packages/training/package.json:11: packages/training must have @tensorflow/tfjs-core as a'],
    ],
    [
      'a package without a row',
      { 'packages/fresh/package.json': { name: '@llm101/fresh' } },
      ['tools/boundaries/boundaries.json:1: packages/fresh has no row; say what it may import'],
    ],
    [
      'a row without a package',
      { 'tools/boundaries/boundaries.json': { 'packages/gone': [], 'apps/trainer': ['*'] } },
      ["tools/boundaries/boundaries.json:1: packages/gone doesn't exist; take its row out"],
    ],
  ])('reports %s', (_name, changes, expected) => {
    const found = violations(changes);
    expect(found).toEqual(
      expect.arrayContaining(expected.map((text) => expect.stringContaining(text))),
    );
  });

  it('reports once what breaks one rule', () => {
    const changes = { 'packages/data/src/load.ts': `import 'lodash';\n` };
    expect(violations(changes)).toHaveLength(1);
  });
});
