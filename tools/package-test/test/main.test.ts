import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

/** Each runs npm, its linters and a compiler; both cores may be busy. */
const LIMIT_MS = 600_000;

const main = fileURLToPath(new URL('../src/main.mjs', import.meta.url));

const manifest = (name: string, fields: object): string =>
  JSON.stringify({
    name: `@scope/${name}`,
    version: '1.0.0',
    type: 'module',
    license: 'MIT',
    description: `Does ${name}.`,
    keywords: [name],
    homepage: `https://example.org/tree/main/packages/${name}#readme`,
    bugs: 'https://example.org/issues',
    repository: {
      type: 'git',
      url: 'git+https://example.org/it.git',
      directory: `packages/${name}`,
    },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist', '!dist/.*'],
    ...fields,
  });

/** A repository of two packages, `double` needing `add`; nothing of it comes from a registry. */
const repository = {
  'package.json': JSON.stringify({ private: true, workspaces: ['packages/*'] }),
  'packages/add/package.json': manifest('add', {}),
  'packages/add/README.md': '# add\n',
  'packages/add/LICENSE': 'MIT\n',
  'packages/add/dist/index.js': 'export const add = (a, b) => a + b;\n',
  'packages/add/dist/index.d.ts': 'export declare function add(a: number, b: number): number;\n',
  'packages/double/package.json': manifest('double', {
    dependencies: { '@scope/add': '1.0.0' },
    bin: { double: './dist/command.js' },
  }),
  'packages/double/README.md':
    "# double\n\n```sh\nnpm install @scope/double\n```\n\n```ts\nimport { double } from '@scope/double';\nconst two: number = double(1);\nconsole.log([two], two);\n```\n\n```text\n[ 2 ] 2\n```\n",
  'packages/double/LICENSE': 'MIT\n',
  'packages/double/dist/.tsbuildinfo': '{}\n',
  'packages/double/dist/command.js': "#!/usr/bin/env node\nimport './index.js';\n",
  'packages/double/dist/index.js':
    "import { add } from '@scope/add';\nexport const double = (a) => add(a, a);\n",
  'packages/double/dist/index.d.ts': 'export declare function double(a: number): number;\n',
};

/** Runs the tool on `double` in a repository with these changes. */
function run(changes: Readonly<Record<string, string>>): {
  status: number | null;
  lines: string[];
} {
  const root = mkdtempSync(join(tmpdir(), 'repository-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries({ ...repository, ...changes })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const temp = join(root, 'temp');
  mkdirSync(temp);
  const { status, stdout } = spawnSync(process.execPath, [main], {
    cwd: join(root, 'packages/double'),
    env: { ...process.env, TMPDIR: temp, npm_config_offline: 'true', FORCE_COLOR: '1' },
    encoding: 'utf8',
  });
  expect(readdirSync(temp), 'left behind').toEqual([]);
  return { status, lines: stdout.trimEnd().split('\n') };
}

it('passes a package that works', { timeout: LIMIT_MS }, () => {
  const { status, lines } = run({});
  expect(lines.filter((line) => !line.startsWith('ok'))).toEqual([
    'package-test: 10 passed, 0 failed',
  ]);
  expect(status).toBe(0);
});

it('reports each fault of one that does not', { timeout: LIMIT_MS }, () => {
  const { status, lines } = run({
    'packages/double/src/old.test.js': '\n',
    'packages/double/dist/old.js.map': '{ "sources": ["../src/gone.ts"] }',
    'packages/double/dist/untyped.js': 'export const untyped = 1;\n',
    'packages/double/package.json': manifest('double', {
      dependencies: { '@scope/add': '1.0.0' },
      files: ['dist', 'src'],
      keywords: [],
      exports: {
        '.': { default: './dist/index.js', types: './dist/index.d.ts' },
        './untyped': './dist/untyped.js',
      },
    }),
    'packages/double/README.md': repository['packages/double/README.md']
      .replace('npm install', 'npm view')
      .replace('two: number', 'two: string')
      .replace('[ 2 ] 2', '2'),
  });
  const text = lines.join('\n');
  expect(lines.filter((line) => line.startsWith('ok')).map((line) => line.slice(5))).toEqual([
    'install: into an empty folder',
  ]);
  expect(lines.at(-1)).toBe('package-test: 1 passed, 8 failed');
  for (const problem of [
    'src/old.test.js is a test; move it to test/',
    'dist/.tsbuildinfo is a hidden file; add "!dist/.*" to "files"',
    'FAIL publint',
    'FAIL attw',
    'keywords must have a word that one would search for',
    'no ```sh block says how to install the package',
    'dist/old.js.map leads to src/gone.ts, which is not in the package',
    "README.md:8, line 2 of the snippet: Type 'number' is not assignable to type 'string'.",
    'README.md:8 prints:\n     [ 2 ] 2\n     and the README says:\n     2',
  ]) {
    expect(text).toContain(problem);
  }
  expect(status).toBe(1);
});
