// The lecture's runs, by the command, against PyTorch's figures: all steps of each, 10,000 with plain SGD.
import { lectureReference, namesPath } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { emptyFolder, metricsOf, succeed } from './llm101.js';

const reference = lectureReference();
const names = namesPath();
const missing = reference === undefined || names === undefined;
const note = missing ? ' (skipped: no reference figures)' : '';
const cases = reference?.cases ?? [];
const OPTIMIZER_FLAGS = {
  sgd: [],
  momentum: ['--momentum', '0.9'],
  adamw: ['--optimizer', 'adamw'],
} as const;

describe.skipIf(missing)(`the lecture's runs${note}`, () => {
  it.each(cases)(
    '$model, context $context_size, embedding $d_embed, $optimizer: PyTorch’s losses',
    async (expected) => {
      const { model, context_size, d_embed, d_hidden, batch_size, lr } = expected;
      const maxSteps = expected.steps;
      const runDir = `${emptyFolder()}/run`;
      const settings = {
        data: names,
        model,
        'context-size': context_size,
        'd-embed': d_embed,
        'd-hidden': d_hidden,
        'batch-size': batch_size,
        lr,
        'max-steps': maxSteps,
        'val-interval': 1000,
        'log-interval': 1,
        'run-dir': runDir,
      };
      const flags = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]);
      const { stdout } = await succeed('train', ...OPTIMIZER_FLAGS[expected.optimizer], ...flags);
      expect(stdout).toContain(`Number of parameters: ${expected.parameters}\n`);

      const lines = metricsOf(runDir);
      expect(lines.map(({ step }) => step)).toEqual(
        Array.from({ length: maxSteps }, (_, i) => i + 1),
      );
      // float32 on both sides, additions in another order: 7e-7 measured. Later a ReLU near zero falls to the other side
      // and the runs drift apart, PyTorch's own versions by 1.5e-4 at the end.
      for (const [i, loss] of expected.loss_first_50_steps.entries()) {
        expect(Math.abs(lines[i].batchLoss - loss), `step ${i + 1}`).toBeLessThan(2e-5);
      }
      for (const [step, loss] of Object.entries(expected.running_loss)) {
        if (Number(step) > maxSteps) continue;
        expect(Math.abs(lines[Number(step) - 1].trainLoss - loss), `step ${step}`).toBeLessThan(
          2e-4,
        );
      }
      for (const [step, loss] of Object.entries(expected.val_loss)) {
        if (Number(step) > maxSteps) continue;
        const { valLoss = Number.NaN } = lines[Number(step) - 1];
        expect(Math.abs(valLoss - loss), `validation at step ${step}`).toBeLessThan(5e-4);
      }
    },
    600_000,
  );

  it('the run that the lecture prints shows loss=2.4206 at step 8,299', async () => {
    const runDir = `${emptyFolder()}/run`;
    const flags =
      'train --model mlp --context-size 8 --d-embed 16 --max-steps 8299 --val-interval 0';
    await succeed(...flags.split(' '), '--data', String(names), '--run-dir', runDir);
    const last = metricsOf(runDir).at(-1);
    expect(last?.step).toBe(8299);
    expect(last?.trainLoss.toFixed(4)).toBe('2.4206');
  }, 600_000);
});
