import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  benchTable,
  installCommand,
  isNear,
  readSection,
  replaceSection,
  sizeSentence,
  writeReadme,
} from '../src/write-readme.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(root + path, 'utf8');

describe('the README', () => {
  const readme = read('README.md');
  it('has the versions and speeds that the repository has; else npm run readme', async () => {
    const sources = {
      bench: JSON.parse(read('docs/figures/bench.json')),
      peers: JSON.parse(read('packages/wasm/package.json')).peerDependencies,
    };
    expect(await writeReadme(readme, `${root}README.md`, sources)).toBe(readme);
  });
  it('asks for the Node that package.json asks for', () => {
    const { engines } = JSON.parse(read('package.json'));
    expect(readme).toContain(`Node ${engines.node.replace('>=', '')} or later`);
  });
  it('trains by a script of 25 lines at most, which JavaScript understands too', () => {
    const script = /^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
    const lines = script.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length).toBeLessThanOrEqual(25);
    const body = lines.filter((line) => !line.startsWith('import ')).join('\n');
    expect(() => new Script(`async () => {${body}}`)).not.toThrow();
  });
});

describe('a section', () => {
  const text = 'a\n<!-- begin:x -->\nold\n<!-- end -->\nb\n';
  it('is replaced, and nothing else', () => {
    const fresh = replaceSection(text, 'x', 'new');
    expect(fresh).toBe('a\n<!-- begin:x -->\n\nnew\n\n<!-- end -->\nb\n');
    expect(readSection(fresh, 'x')).toBe('new');
  });
  it('must be there once', () => {
    expect(() => replaceSection(text, 'y', '')).toThrow(/must have <!-- begin:y --> once.*got 0/);
    expect(() => replaceSection(text + text, 'x', '')).toThrow(/got 2/);
    expect(() => readSection('<!-- begin:x -->', 'x')).toThrow(RangeError);
  });
});

it('the table of speeds leaves no row out, and says by how much ours is slower', () => {
  const row = (contestant: string, stepsPerSecond: number, oursIs?: number) => ({
    stepsPerSecond,
    ...(oursIs !== undefined && { oursIs }),
    result: { contestant, what: contestant === 'b' ? '1.0' : '', isPeer: contestant !== 'ours' },
  });
  const bench = {
    date: '2030-01-01',
    machine: 'CPU',
    rounds: 7,
    tables: [
      { title: 'MLP (T 16)', rows: [row('ours', 20_000.4, 1), row('b', 40_000, 0.5), row('c', 7)] },
      { title: 'CNN (T 16)', rows: [row('ours', 900, 1), row('b', 9, 100)] },
    ],
  };
  expect(benchTable(bench).split('\n')).toEqual([
    '| steps a second | MLP | CNN |',
    '| --- | ---: | ---: |',
    '| **ours** | 20,000 | 900 |',
    '| b (1.0) | 40,000 (0.50×) | 9 (100×) |',
    '| c | 7 | – |',
    '',
    'CPU, one thread each; medians of 7 interleaved rounds, 2030-01-01.',
  ]);
});

it('the command to install pins the peers', () => {
  expect(installCommand(['@llm101/data'], { '@t/b-wasm': '2.0.0', '@t/c-core': '2.0.0' })).toBe(
    '```sh\nnpm install @llm101/data \\\n  @t/c-core@2.0.0 @t/b-wasm@2.0.0\n```',
  );
});

describe('sizes', () => {
  const sizes = [
    { name: '@llm101/trainer', packed: 760_400, unpacked: 2_640_000 },
    { name: 'the lecture’s MLP, trained in a page', gzip: 161_600 },
    { name: 'tfjs-backend-wasm-simd.wasm, beside it', gzip: 136_700 },
  ];
  it('make a sentence', () => {
    expect(sizeSentence(sizes)).toContain('2.6 MB (760 kB to download)');
    expect(sizeSentence(sizes)).toContain('is 162 kB compressed');
    expect(sizeSentence(sizes)).toContain('beside it 137 kB');
    expect(() => sizeSentence([])).toThrow('must measure @llm101/trainer');
  });
  it('are up to date within 5 %, and in the same words', () => {
    expect(isNear('is 100 kB, 2.0 MB', 'is 104 kB,\n2.1 MB')).toBe(true);
    expect(isNear('is 100 kB', 'is 106 kB')).toBe(false);
    expect(isNear('is 100 kB', 'was 100 kB')).toBe(false);
  });
});
