// What --json prints: every command by its schema, and the page that documents them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors } from '@llm101/safetensors';
import { describe, expect, it } from 'vitest';
import { describeDocuments } from '../src/document-page.js';
import { type DocumentName, documents } from '../src/documents.js';
import { emptyFolder, type Ended, ended, start } from './llm101.js';

const SMALL =
  'train --d-hidden 8 --d-embed 4 --context-size 4 --max-steps 30 --log-interval 10 --run-dir run';

const TINY = '--d-hidden 8 --d-embed 4 --context-size 4 --val-interval 5';

const run = (cwd: string, line: string, env = {}): Promise<Ended> =>
  ended(start(line.split(' '), { cwd, env }));

/** Runs of nine sizes, of a law. */
const tableOfRuns = (): string =>
  [
    'n,d,loss',
    ...[1e6, 4e6, 2e7].flatMap((n) =>
      [1e8, 1e9, 9e9].map((d) => `${n},${d},${1.5 + 300 / n ** 0.4 + 400 / d ** 0.3}`),
    ),
  ].join('\n');

/** The document of a command, which must be as its schema says. */
async function documentOf(
  cwd: string,
  name: DocumentName,
  line: string,
): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await run(cwd, `${line} --json --quiet`);
  const document: unknown = JSON.parse(stdout || 'null');
  const parsed = documents[name].safeParse(document);
  expect(parsed.error?.issues ?? [], `${line}: ${stdout} ${stderr}`).toEqual([]);
  return document as Record<string, unknown>;
}

it(
  'every command prints what its schema says, and nothing else',
  { timeout: 900_000 },
  async () => {
    const cwd = emptyFolder();
    await documentOf(cwd, 'train', `${SMALL} --val-interval 15 --patience 9`);
    await documentOf(cwd, 'train', 'train --resume run --max-steps 40');
    writeFileSync(join(cwd, 'file.txt'), 'anna\nbob\n');
    writeFileSync(join(cwd, 'empty.txt'), '');
    writeFileSync(join(cwd, 'runs.csv'), tableOfRuns());
    const lines: [DocumentName, string][] = [
      ['evaluate', 'evaluate --run-dir run'],
      ['evaluate', 'evaluate --run-dir run --data file.txt'],
      ['sample', 'sample --run-dir run --count 2'],
      ['sample', 'sample --run-dir run --count 2 --top-k 3 --prompt a'],
      ['verify', 'verify run'],
      ['runs', 'runs run'],
      ['report', 'report run'],
      ['scaling-laws', 'scaling-laws runs.csv --bootstrap 20'],
      ['scaling-laws', 'scaling-laws run'],
      ['export', 'export run --format onnx'],
      ['export', 'export run --format html'],
      ['sweep', `sweep --vary lr=0.1,1e9 ${TINY} --seeds 2 --max-steps 10`],
      ['sweep --dry-run', `sweep --vary lr=0.1,0.2 ${TINY} --max-steps 10 --dry-run`],
      ['lr-find', 'lr-find --steps 30'],
      ['lr-find', 'lr-find --steps 5'],
      ['entropy', 'entropy --order 2'],
      ['entropy', 'entropy --order 2 --model run --unit nats'],
      ['entropy --surprisal', 'entropy --order 2 --surprisal anna bob'],
      ['denoise', 'denoise --order 2 --count 5'],
      ['denoise', 'denoise --order 2 --count 5 --model run'],
      ['denoise WORDS', 'denoise anne --order 2'],
      ['config', 'config --weight-decay 0.1 --preset wavenet'],
      ['code', 'code --model cnn --shards auto'],
      ['code', 'code --language pytorch'],
      ['tokenize', 'tokenize'],
      ['tokenize', 'tokenize --tokenizer bpe --text anna -o tokenizer.json'],
      ['data', 'data --rows 2'],
      ['data --list', 'data --list'],
      ['compress', 'compress file.txt -o file.l101'],
      ['compress', 'compress file.txt --model run -o model.l101'],
      ['compress', 'compress empty.txt -o empty.l101'],
      ['decompress', 'decompress file.l101 -o back.txt'],
      ['a command that failed', 'sample --run-dir nowhere'],
      ['a command that failed', 'sample --no-such-flag'],
      ['a command that failed', 'decompress file.txt -o x'],
    ];
    for (const [name, line] of lines) {
      expect((await documentOf(cwd, name, line))['version'], line).toBe(2);
    }
  },
);

describe('numbers that JSON lacks', () => {
  it('are strings: the perplexity of a loss above 709.78; NaN is a failure', async () => {
    const cwd = emptyFolder();
    await documentOf(cwd, 'train', SMALL);
    const path = join(cwd, 'run', 'model.safetensors');
    const { tensors, metadata } = readSafetensors(new Uint8Array(readFileSync(path)));
    const scaleBy = (factor: number): void => {
      const scaled = Object.entries(tensors).map(([name, tensor]) => {
        if (tensor.dtype !== 'F32') throw new Error(`${name} is ${tensor.dtype}`);
        return [name, { ...tensor, data: tensor.data.map((value) => value * factor) }] as const;
      });
      writeFileSync(path, writeSafetensors(Object.fromEntries(scaled), metadata));
    };
    const line = 'evaluate --run-dir run';
    scaleBy(1e6);
    expect(await documentOf(cwd, 'evaluate', line)).toMatchObject({ perplexity: 'Infinity' });
    scaleBy(NaN);
    expect(await documentOf(cwd, 'a command that failed', line)).toMatchObject({
      command: 'evaluate',
      exitStatus: 1,
      error: expect.stringContaining('the loss must be a number; got NaN') as string,
    });
  });

  it('come with a run that diverged, whose exit status isn’t 0', async () => {
    const cwd = emptyFolder();
    const line = `${SMALL} --lr 1e30 --json --quiet`;
    const { status, stdout, stderr } = await run(cwd, line);
    expect(status).toBe(1);
    const document = documents['a command that failed'].parse(JSON.parse(stdout));
    expect(document).toMatchObject({
      status: 'failed',
      command: 'train',
      exitStatus: 1,
      diverged: true,
      model: null,
      runDir: 'run',
    });
    expect(['NaN', 'Infinity']).toContain(document.loss);
    expect(stderr).toBe(`llm101: ${document.error}\n`);
  });
});

it('a run that a signal stops says so', async () => {
  const cwd = emptyFolder();
  const endless = `${SMALL} --json --quiet`.replace('--max-steps 30', '--max-steps 100000000');
  const child = start(endless.split(' '), { cwd });
  const end = ended(child);
  const metrics = join(cwd, 'run', 'metrics.jsonl');
  const isLogged = (): boolean => {
    try {
      return readFileSync(metrics, 'utf8') !== '';
    } catch {
      return false;
    }
  };
  while (!isLogged() && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGINT');
  const { status, stdout } = await end;
  expect(status).toBe(130);
  const document = documents['a command that a signal stopped'].parse(JSON.parse(stdout));
  expect(document.step).toBeGreaterThan(0);
});

it('the page documents them: npx vitest run -u apps/trainer/test/documents.test.ts writes it', async () => {
  await expect(describeDocuments()).toMatchFileSnapshot('../../../docs/json.md');
});
