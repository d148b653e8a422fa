// WaveNets by the command: presets, how they are evaluated, and resuming after a stop.
import { readFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emptyFolder, errorOf, metricsOf, succeed } from './llm101.js';

const small =
  '--d-hidden 8 --depth 2 --packed-size 64 --max-steps 30 --val-interval 15 --warmup-steps 5'.split(
    ' ',
  );

const configOf = (runDir: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`${runDir}/config.json`, 'utf8'));

describe('a WaveNet', () => {
  it('trains on whole names, by a preset that flags change, and is evaluated on all windows', async () => {
    const runDir = `${emptyFolder()}/run`;
    const flags = ['--preset', 'wavenet-small', ...small, '--run-dir', runDir];
    const { stdout } = await succeed('train', ...flags);
    expect(stdout).toContain('(head): Linear(in_features=8, out_features=27, bias=True)');
    expect(configOf(runDir)).toMatchObject({
      preset: 'wavenet-small',
      model: 'wavenet',
      dHidden: 8,
      blocks: 2,
      dropout: 0.15,
      optimizer: 'adamw',
    });
    const valLoss = metricsOf(runDir).at(-1)?.valLoss ?? NaN;
    expect(valLoss).toBeLessThan(3.2); // guessing is 3.3
    // Window by window, the same characters and the same loss.
    const { stdout: evaluated } = await succeed('evaluate', '--run-dir', runDir);
    expect(evaluated).toContain(`loss              ${valLoss.toFixed(4)} nats`);
    const { stdout: drawn } = await succeed('sample', '--run-dir', runDir, '--count', '3');
    expect(drawn.trim().split('\n').length).toBe(3);
  });

  it('resumes from a checkpoint to the same losses, its dropout too', async () => {
    const folder = emptyFolder();
    const flags = ['--preset', 'wavenet-small', ...small, '--log-interval', '1'];
    await succeed('train', ...flags, '--run-dir', `${folder}/whole`);
    await succeed('train', ...flags, '--checkpoint-interval', '10', '--run-dir', `${folder}/cut`);
    // As if it had been killed after the checkpoint of step 20.
    rmSync(`${folder}/cut/model.safetensors`);
    rmSync(`${folder}/cut/checkpoints/step-00000030.safetensors`, { force: true });
    await succeed('train', '--resume', `${folder}/cut`);
    const losses = (run: string): unknown[] =>
      metricsOf(`${folder}/${run}`).map(({ step, batchLoss, valLoss }) => [
        step,
        batchLoss,
        valLoss,
      ]);
    expect(losses('cut')).toEqual(losses('whole'));
    expect(readFileSync(`${folder}/cut/model.safetensors`)).toEqual(
      readFileSync(`${folder}/whole/model.safetensors`),
    );
  });

  it('refuses flags of other models, and unknown presets', async () => {
    expect(await errorOf(2, 'train', '--model', 'wavenet', '--d-embed', '4')).toContain(
      '--d-embed is for --model mlp, cnn, gpt, gru, lstm, megabyte; got --model wavenet',
    );
    expect(await errorOf(2, 'train', '--depth', '5')).toContain(
      '--depth is for --model wavenet; got --model mlp',
    );
    expect(await errorOf(2, 'train', '--preset', 'big')).toContain(
      '--preset must be lecture-mlp, lecture-cnn, wavenet-small, wavenet, wavenet-large, shakespeare-char, shakespeare, names-gpt-small, names-gpt, toy-mlp, toy-cnn, toy-wavenet, toy-gru, toy-lstm, toy-gpt, toy-megabyte, course-gpt-small or course-gpt-medium; got "big"',
    );
  });
});
