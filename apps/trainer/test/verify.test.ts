import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors } from '@llm101/safetensors';
import { describe, expect, it } from 'vitest';
import { emptyFolder, llm101, metricsOf, succeed } from './llm101.js';

interface File {
  readonly fingerprint: string;
  readonly dataSha256: string;
  readonly settingsSha256: string;
  readonly arithmetic: string;
  readonly losses: readonly number[];
  readonly weights?: { readonly step: number; readonly sha256: string };
}
const fingerprintOf = (runDir: string): File =>
  JSON.parse(readFileSync(join(runDir, 'fingerprint.json'), 'utf8')) as File;

/** The hash of a model's weights, from its file alone. */
function weightsOf(path: string): string {
  const { tensors } = readSafetensors(readFileSync(path));
  const hash = createHash('sha256');
  for (const [name, { dtype, shape, data }] of Object.entries(tensors).sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    hash.update(`${name} ${dtype} [${shape.join(', ')}]\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

const hashOf = ({
  dataSha256,
  settingsSha256,
  arithmetic,
  losses,
  weights,
}: Omit<File, 'fingerprint' | 'arithmetic'> & { readonly arithmetic?: string }): string => {
  const ofWeights = weights && [weights.step, weights.sha256];
  const content = [dataSha256, settingsSha256, arithmetic, losses, ofWeights].filter(
    (part) => part !== undefined,
  );
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
};

const FLAGS = 'train --max-steps 130 --val-interval 0 --log-interval 1 --checkpoint-interval 50';

describe('llm101 verify', () => {
  it('says that a run gives the same losses again, and leaves it as it is', async () => {
    const runDir = join(emptyFolder(), 'run');
    await succeed(...FLAGS.split(' '), '--optimizer', 'adamw', '--lr', '0.01', '--run-dir', runDir);
    const { losses } = fingerprintOf(runDir);
    expect(losses).toEqual(
      metricsOf(runDir)
        .slice(0, 100)
        .map(({ batchLoss }) => batchLoss),
    );
    const before = readFileSync(join(runDir, 'metrics.jsonl'));
    const { stdout } = await succeed('verify', runDir);
    expect(stdout).toContain('verified: the losses of the first 100 steps are equal bit for bit\n');
    expect(readFileSync(join(runDir, 'metrics.jsonl'))).toEqual(before);
  });

  it('says the weights in the end, as train does, and where the model has others', async () => {
    const folder = emptyFolder();
    const [runDir, other] = [join(folder, 'run'), join(folder, 'other')];
    const { stdout } = await succeed(...FLAGS.split(' '), '--run-dir', runDir);
    const { weights } = fingerprintOf(runDir);
    const path = join(runDir, 'model.safetensors');
    expect(weights).toEqual({ step: 130, sha256: weightsOf(path) });
    const line = `fingerprint of the weights after step 130: ${weights?.sha256.slice(0, 8)}\n`;
    expect(stdout).toContain(line);
    expect(readFileSync(join(runDir, 'report.html'), 'utf8')).toContain(
      weights?.sha256.slice(0, 8),
    );
    expect((await succeed('verify', runDir)).stdout).toContain(line);
    const json = await succeed(...FLAGS.split(' '), '--seed', '7', '--run-dir', other, '--json');
    const { weightsSha256 } = JSON.parse(json.stdout) as { readonly weightsSha256: string };
    expect(weightsSha256).toBe(weightsOf(join(other, 'model.safetensors')));
    copyFileSync(join(other, 'model.safetensors'), path);
    expect((await succeed('verify', runDir)).stdout).toContain(
      `${line}${path} has others: fingerprint of the weights after step 130: ${weightsSha256.slice(0, 8)}\n`,
    );
    writeFileSync(path, 'x');
    expect((await succeed('verify', runDir)).stdout).toContain(`${path} can't be compared: `);
  });

  it('keeps what a short run has, and all hundred of one that was resumed', async () => {
    const folder = emptyFolder();
    const short = join(folder, 'short');
    await succeed(...FLAGS.split(' '), '--max-steps', '30', '--run-dir', short);
    expect(fingerprintOf(short).losses).toHaveLength(30);
    expect((await succeed('verify', short)).stdout).toContain('the first 30 steps');
  });

  it('knows a run of a version without shards, whatever its preset has now', async () => {
    const runDir = join(emptyFolder(), 'run');
    const small = '--d-hidden 8 --depth 2 --packed-size 64 --warmup-steps 5 --max-steps 30';
    const whole = '--packed-rows 1 --shards 1 --checkpoint-interval 10';
    const flags = `train --preset wavenet-small ${small} ${whole} --run-dir`.split(' ');
    await succeed(...flags, runDir);
    const path = join(runDir, 'config.json');
    const config: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));
    for (const key of ['shards', 'workers', 'accumulate', 'packedRows']) delete config[key];
    writeFileSync(path, JSON.stringify(config));
    expect((await succeed('verify', runDir)).stdout).toContain('the first 30 steps are equal');
    const { stdout } = await succeed('train', '--resume', runDir);
    expect(stdout).toContain('resumes after step 30');
    const settings = ['config', '--config', path, '--json'];
    const rows: { setting: string; value: unknown }[] = JSON.parse(
      (await succeed(...settings)).stdout,
    ).settings;
    expect(rows.find(({ setting }) => setting === 'shards')?.value).toBe(1);
  });

  it('refuses settings that are not those of the losses', async () => {
    const runDir = join(emptyFolder(), 'run');
    await succeed(...FLAGS.split(' '), '--run-dir', runDir);
    const path = join(runDir, 'config.json');
    const config = readFileSync(path, 'utf8');
    writeFileSync(path, config.replace('"compile": true', '"compile": false'));
    const { status, stderr } = await llm101('verify', runDir);
    expect(status).toBe(1);
    expect(stderr).toContain("config.json isn't as it was when the losses were recorded");
  });

  it.each([
    [1e-7, 'small enough to come from rounding'],
    [1e-2, 'too large for rounding: something else is computed'],
  ])('names the step from which on losses are others, by %d', async (difference, why) => {
    const runDir = join(emptyFolder(), 'run');
    await succeed(...FLAGS.split(' '), '--run-dir', runDir);
    // As if a machine that rounds otherwise, or computes something else, had recorded them.
    const path = join(runDir, 'fingerprint.json');
    const { losses, ...hashes } = fingerprintOf(runDir);
    const others = losses.map((loss, i) => (i < 20 ? loss : loss + difference));
    const fingerprint = hashOf({ ...hashes, losses: others });
    writeFileSync(path, JSON.stringify({ ...hashes, fingerprint, losses: others }));
    const { status, stdout } = await llm101('verify', runDir);
    expect(status).toBe(1);
    expect(stdout).toContain(
      `not verified: step 21 was recorded with loss ${others[20]}, and gives ${losses[20]} here\n`,
    );
    expect(stdout).toContain(`nats; ${why}`);
  });

  it('says with which arithmetic losses were recorded, where it is another', async () => {
    const runDir = join(emptyFolder(), 'run');
    await succeed(...FLAGS.split(' '), '--max-steps', '20', '--run-dir', runDir);
    const path = join(runDir, 'fingerprint.json');
    const recorded = fingerprintOf(runDir);
    expect(recorded.arithmetic).toBe('compiled');
    // As 0.1.0 wrote it, with a hash of all settings, those among them that may change.
    const { arithmetic: _, ...old } = { ...recorded, settingsSha256: '0'.repeat(64) };
    writeFileSync(path, JSON.stringify({ ...old, fingerprint: hashOf(old) }));
    expect((await succeed('verify', runDir)).stdout).not.toContain('arithmetic');
    const other = { ...recorded, arithmetic: 'compiled, relaxed SIMD' };
    writeFileSync(path, JSON.stringify({ ...other, fingerprint: hashOf(other) }));
    const { stdout } = await succeed('verify', runDir);
    expect(stdout).toContain(
      'the run was trained compiled, relaxed SIMD, and is repeated compiled: other digits are to be expected',
    );
  });

  it('refuses a fingerprint that is missing or was edited', async () => {
    const runDir = join(emptyFolder(), 'run');
    await succeed(...FLAGS.split(' '), '--run-dir', runDir);
    const path = join(runDir, 'fingerprint.json');
    const { losses, ...rest } = fingerprintOf(runDir);
    writeFileSync(path, JSON.stringify({ ...rest, losses: [1, ...losses.slice(1)] }));
    expect((await llm101('verify', runDir)).stderr).toContain("isn't as it was written");
    writeFileSync(path, 'x');
    expect((await llm101('verify', runDir)).stderr).toContain("isn't the fingerprint of a run");
    const none = await llm101('verify', emptyFolder());
    expect(none.status).toBe(1);
    expect(none.stderr).toContain('it has no config.json');
  });
});

describe('llm101 lr-find', () => {
  it('draws a curve, names a rate, and writes nothing', async () => {
    const { stdout } = await succeed(
      ...'lr-find --steps 150 --batch-size 16 --from 1e-4'.split(' '),
    );
    expect(stdout).toContain('loss in nats, smoothed, over the learning rate');
    expect(stdout).toMatch(/1e-4/);
    const [, rate] =
      /the loss falls fastest at (\S+); llm101 train --lr \1 is worth trying/.exec(stdout) ?? [];
    expect(Number(rate)).toBeGreaterThan(1e-3);
    expect(Number(rate)).toBeLessThan(5);
    expect(stdout.split('\n').every((line) => line.length <= 90)).toBe(true);
  });
  it.each([
    [
      '--from 1e-30 --to 1e-29',
      'no rate from 1e-30 to 1e-29 changes the loss by more than batches differ',
    ],
    ['--steps 9', '9 steps are too few for a slope'],
    [
      '--from 1e4 --to 1e9 --steps 50',
      'the loss grows beyond twice its lowest within a few steps from rate 10000 on',
    ],
  ])('suggests nothing by %s, and says why', async (flags, why) => {
    const { stdout } = await succeed('lr-find', ...flags.split(' '));
    expect(stdout).toContain(why);
    expect(stdout).not.toContain('--lr');
  });
  it('refuses a range that is none', async () => {
    const { status, stderr } = await llm101('lr-find', '--from', '1', '--to', '0.1');
    expect(status).toBe(2);
    expect(stderr).toContain('--to must be above --from, 1; got 0.1');
    expect((await llm101('lr-find', '--steps', '1')).stderr).toContain(
      '--steps must be a whole number of at least 2',
    );
  });
});
