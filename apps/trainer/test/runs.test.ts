// `llm101 runs`: runs beside each other.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holds, parseCondition } from '../src/commands/runs/conditions.js';
import { emptyFolder, ended, errorOf, start, succeed } from './llm101.js';

describe('a condition', () => {
  it.each([
    ['model=mlp', 'mlp', true],
    ['model!=mlp', 'cnn', true],
    ['model!=mlp', undefined, true],
    ['lr>0.1', 0.3, true],
    ['lr>0.1', 0.1, false],
    ['lr>=1e-1', 0.1, true],
    ['lr=0.10', 0.1, true],
    ['lr<1', undefined, false],
    ['lr<1', '0.1', false],
    ['batchNorm=true', true, true],
    ['layers=[1,2]', [1, 2], true],
    ['name=a=b', 'a=b', true],
  ])('%s is, of %j, %j', (written, value, expected) => {
    const condition = parseCondition(written);
    expect(condition && holds(condition, value)).toBe(expected);
  });
  it('has a key as flags and logs write it', () => {
    expect(parseCondition('--d-hidden<9')).toEqual({ key: 'dHidden', operator: '<', value: '9' });
    expect(parseCondition('learningRate>0.1')?.key).toBe('lr');
  });
  it.each(['lr', '=1', 'lr=', 'lr!1', ''])('isn’t %j', (written) => {
    expect(parseCondition(written)).toBeUndefined();
  });
});

/** Runs of some settings and validation losses, without their models. */
function runsIn(folder: string): void {
  const runs = { 'run-10': [0.1, 2.5], 'run-2': [0.3, 2.25], 'run-1': [3, undefined] } as const;
  for (const [name, [lr, valLoss]] of Object.entries(runs)) {
    mkdirSync(join(folder, 'runs', name), { recursive: true });
    const config = { model: 'mlp', lr, seed: 1, depth: lr, versions: { llm101: '1' } };
    writeFileSync(join(folder, 'runs', name, 'config.json'), JSON.stringify(config));
    const line = { step: 100, trainLoss: 3, ...(valLoss !== undefined && { valLoss }) };
    writeFileSync(join(folder, 'runs', name, 'metrics.jsonl'), `${JSON.stringify(line)}\n`);
  }
}

it('lists runs: the best first and marked, with the settings that apply and differ', async () => {
  const cwd = emptyFolder();
  runsIn(cwd);
  const run = async (...args: string[]): Promise<string> =>
    (await ended(start(['runs', ...args], { cwd }))).stdout;
  expect((await run()).split('\n').map((line) => line.split(/ +/).slice(0, 3).join(' '))).toEqual([
    ' name valLoss',
    '* run-2 2.2500',
    ' run-10 2.5000',
    ' run-1 –',
    '',
  ]);
  expect((await run()).split('\n')[0]).toMatch(/ {3}lr$/); // an MLP of this kind reads no depth
  expect((await run('--csv', '--sort', 'lr', '--descending')).split('\n')).toEqual([
    'name,best,valLoss,bestStep,trainLoss,steps,lr',
    'run-1,false,,,3,100,3',
    'run-2,true,2.25,100,3,100,0.3',
    'run-10,false,2.5,100,3,100,0.1',
    '',
  ]);
  const { table, best } = JSON.parse(await run('--json', '--filter', 'lr<1', 'valLoss>2.3')) as {
    table: { name: string }[];
    best: string;
  };
  expect([best, table.map(({ name }) => name)]).toEqual(['run-10', ['run-10']]);
  expect(await errorOf(1, 'runs', join(cwd, 'runs'), '--filter', 'lr>9')).toBe(
    'none of the 3 runs is as --filter says',
  );
  expect(await errorOf(2, 'runs', join(cwd, 'runs'), '--filter', 'foo>9')).toContain(
    'no run has foo;',
  );
});

it('shows names and settings of a stranger, and no formulas', async () => {
  const cwd = emptyFolder();
  for (const name of ['a', '=1+1']) {
    mkdirSync(join(cwd, name));
    writeFileSync(join(cwd, name, 'metrics.jsonl'), '{"step":1,"trainLoss":3}\n');
    const config = { model: `\u001B]0;${name}"`, x: 'a'.repeat(900) + name };
    writeFileSync(join(cwd, name, 'config.json'), JSON.stringify(config));
  }
  const shown = await ended(start(['runs', '.'], { cwd }));
  expect(shown.stdout).not.toContain('\u001B');
  expect(shown.stdout.split('\n').every((line) => line.length < 200)).toBe(true);
  const csv = await ended(start(['runs', '.', '--csv'], { cwd }));
  expect(csv.stdout).toContain(`'=1+1`);
  expect(csv.stdout).toContain(`"␛]0;a""",a`);
});

it('marks the trial that its sweep found best, by a figure that no log has', async () => {
  const sweepDir = join(emptyFolder(), 'sweep');
  const sizes = '--tokenizer bpe --vary vocab-size=300,400'.split(' ');
  const short = '--max-steps 20 --val-interval 100 --objective bitsPerByte --json'.split(' ');
  const { stdout } = await succeed('sweep', ...sizes, ...short, '--sweep-dir', sweepDir);
  const { best } = JSON.parse(stdout) as { best: { trial: number; value: number } };
  const { stdout: listed } = await succeed('runs', sweepDir, '--json');
  const { table, ...more } = JSON.parse(listed) as { best: string; table: { value: number }[] };
  expect(more).toMatchObject({
    best: `trials/${best.trial}`,
    objective: { metric: 'bitsPerByte', direction: 'minimize' },
  });
  expect(table[0].value).toBe(best.value);
});
