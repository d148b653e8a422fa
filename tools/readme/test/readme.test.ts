import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { benchSection, compileGain } from '../src/bench-section.mjs';
import type { BenchContestant, BenchRow } from '../src/bench-section.mjs';
import {
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

describe('the section of speeds', () => {
  const contestant = (name: string, more: Partial<BenchContestant> = {}): BenchContestant => ({
    name,
    what: name === 'b' ? '1.0 wasm' : '',
    isPeer: !name.startsWith('llm101'),
    threads: 'one',
    isForQuick: false,
    ...more,
  });
  const row = (name: string, stepsPerSecond: number, oursIs: number): BenchRow => ({
    contestant: name,
    stepsPerSecond,
    oursIs,
  });
  const missing = (name: string): BenchRow => ({ contestant: name, problem: 'not found' });
  const size = (m: number, n: number, k: number) => ({ m, n, k, batch: 1 });
  const bench = {
    date: '2030-01-01',
    machine: 'CPU, 2 cores',
    cores: 2,
    rounds: 7,
    contestants: [
      contestant('llm101'),
      contestant('llm101 eager', { isForQuick: true }),
      ...['b', 'c', 'd'].map((name) => contestant(name)),
      ...['llm101, all threads', 'b, all threads'].map((name) =>
        contestant(name, { threads: 'all' }),
      ),
    ],
    tables: [
      {
        title: 'MLP (T 16), batch 32, SGD',
        rows: [
          row('llm101', 20_000.4, 1),
          row('llm101 eager', 4000, 5),
          row('b', 40_000, 0.5),
          missing('c'),
          missing('d'),
          row('llm101, all threads', 9, 1),
          missing('b, all threads'),
        ],
      },
      {
        title: 'GPT (2 layers), 8 x 8, AdamW',
        rows: [row('llm101', 9, 1), missing('d'), missing('b, all threads')],
      },
    ],
    curves: [
      {
        name: 'batches',
        title: 'Over the batch: GPT',
        points: [
          { label: '1', tokens: 64, flops: 2e8, plain: 100, relaxed: 200 },
          { label: '2', tokens: 128, flops: 4e8, plain: 60, relaxed: 110 },
        ],
      },
    ],
    products: [
      { ...size(64, 64, 64), where: '4,096 rows forward', plain: 0.9 },
      { ...size(64, 64, 64), where: 'batched forward', plain: 0.6 },
      { ...size(64, 64, 9), where: 'mlp weight', plain: 0.7 },
      { ...size(9, 640, 9), where: 'mlp input', plain: 0.8 },
      { ...size(9, 9, 9), where: 'mlp forward', plain: 0.1 },
    ],
  };

  it('has workloads down and contestants across, by threads, and says why one is missing', () => {
    expect(benchSection(bench).split('\n')).toEqual([
      '**One thread**, steps a second:',
      '',
      '|  | **llm101** | b 1.0 | c | d |',
      '| --- | ---: | ---: | ---: | ---: |',
      '| MLP, batch 32 | 20,000 | 40,000 (0.50×) | – | – |',
      '| GPT, 8 x 8 | 9.00 | – | – | – |',
      '',
      'Where there is no figure:',
      '',
      '- c: not found (MLP, batch 32).',
      '- d: not found.',
      '',
      '**All 2 cores**, steps a second:',
      '',
      '|  | **llm101** | b |',
      '| --- | ---: | ---: |',
      '| MLP, batch 32 | 9.00 | – |',
      '| GPT, 8 x 8 | – | – |',
      '',
      'Where there is no figure:',
      '',
      '- b: not found.',
      '',
      '**As a training loop has it**, each batch from the host, each loss read (ours is measured so everywhere); eager is ours without `compile`:',
      '',
      '|  | **llm101** | **llm101 eager** |',
      '| --- | ---: | ---: |',
      '| MLP, batch 32 | 20,000 | 4,000 |',
      '',
      '**Over the batch: GPT**, one thread, tokens a second and GFLOP/s:',
      '',
      '| batch | 1 | 2 |',
      '| --- | ---: | ---: |',
      '| llm101 | 6,400 (20) | 7,680 (24) |',
      '| llm101 relaxed | 12,800 (40) | 14,080 (44) |',
      '',
      '**Matrix products**, forward and backward, of the peak that the core reaches in WebAssembly in the same run:',
      '',
      '|  | products | plain, median | least | relaxed, median | least |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      '| 4,096 rows | 1 | 90 % | 90 % | – | – |',
      '| batched | 1 | 60 % | 60 % | – | – |',
      "| the models', a side below 32 | 2 | 80 % | 70 % | – | – |",
      "| the models', of less than 50,000 operations | 1 | 10 % | 10 % | – | – |",
      '',
      'CPU, 2 cores; medians of 7 interleaved rounds, 2030-01-01.',
    ]);
  });
  it('says what compile gains', () => {
    expect(compileGain(bench)).toBeCloseTo(5.0001, 6);
    expect(() => compileGain({ ...bench, tables: [] })).toThrow('must have llm101');
  });
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
