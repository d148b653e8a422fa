// llm101 train --init-from: other data, a new optimizer, from another run.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, errorOf, succeed } from './llm101.js';

const SMALL = '--d-hidden 8 --d-embed 3 --context-size 4 --val-interval 0'.split(' ');
const bytes = (runDir: string, name: string): Buffer => readFileSync(join(runDir, name));

describe('llm101 train --init-from', () => {
  it('continues on other data, is verified, resumed and repeated', async () => {
    const folder = emptyFolder();
    const [first, second, again, longer] = ['first', 'second', 'again', 'longer'].map((name) =>
      join(folder, name),
    );
    const [names, others] = ['names.txt', 'others.txt'].map((name) => join(folder, name));
    writeFileSync(names, 'anna\nberta\ncarla\ndora\nemma\n');
    writeFileSync(others, 'zoé\nanton\nbert\ncarl\ndoro\n');
    await succeed('train', '--data', names, ...SMALL, '--max-steps', '20', '--run-dir', first);
    const on = ['train', '--data', others, '--init-from', first, '--val-interval', '0'];
    expect(await errorOf(1, ...on, '--quiet')).toContain(
      "others.txt must hold only characters that the model of --init-from knows; it also has 'z' (U+007A), 'é' (U+00E9); ",
    );
    expect(await errorOf(2, ...on, '--quiet', '--d-hidden', '9')).toContain(
      `--d-hidden must be as the model of ${first} has it, 8; got 9; leave it out`,
    );
    const shown = JSON.parse((await succeed('config', ...on.slice(1), '--json')).stdout) as unknown;
    expect(shown).toMatchObject({
      settings: expect.arrayContaining([
        { setting: 'dHidden', value: 8, from: first },
        { setting: 'initFrom', value: first, from: '--init-from' },
      ]) as unknown,
    });
    const grown = [...on, '--grow-vocabulary', '--optimizer', 'muon', '--max-steps', '9'];
    await succeed(...grown, '--checkpoint-interval', '3', '--run-dir', second);
    const config: unknown = JSON.parse(bytes(second, 'config.json').toString());
    expect(config).toMatchObject({
      initFrom: first,
      initSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      dHidden: 8,
    });
    await succeed('train', '--config', join(second, 'config.json'), '--run-dir', again);
    expect(bytes(again, 'model.safetensors').equals(bytes(second, 'model.safetensors'))).toBe(true);
    await succeed(...grown, '--max-steps', '12', '--run-dir', longer);
    rmSync(first, { recursive: true }); // the run keeps what it began with
    await succeed('train', '--resume', second, '--max-steps', '12');
    expect(bytes(longer, 'model.safetensors').equals(bytes(second, 'model.safetensors'))).toBe(
      true,
    );
    expect((await succeed('verify', second)).stdout).toContain('are equal bit for bit');
    await succeed('evaluate', '--run-dir', second);
  });

  it('says what is no run', async () => {
    const folder = emptyFolder();
    const path = join(folder, 'model.safetensors');
    expect(await errorOf(1, 'train', '--init-from', path, '--quiet')).toContain(
      `there is no model to read at ${path}: there is no such file or folder`,
    );
    writeFileSync(path, 'no model');
    expect(await errorOf(1, 'train', '--init-from', path, '--quiet')).toContain(
      `--init-from ${path} must be a run of llm101 or its model: `,
    );
    expect(await errorOf(2, 'train', '--grow-vocabulary', '--quiet')).toContain(
      '--grow-vocabulary is for a run that begins with a model; pass --init-from too, or leave it out',
    );
    expect(await errorOf(2, 'train', '--resume', folder, '--epochs', '3', '--quiet')).toContain(
      'a run resumes to a number of steps; pass --max-steps instead of --epochs',
    );
  });
});
