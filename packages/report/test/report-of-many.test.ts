// Pages that compare runs.
import { describe, expect, it } from 'vitest';
import { renderReport, type RunData } from '../src/index.js';
import { run, textOf } from './runs.js';

describe('the page of several runs', () => {
  it('compares their figures, and says where their settings differ', async () => {
    const second = run({
      name: 'runs/second',
      config: { ...run().config, model: 'cnn', lr: 0.1, versions: { node: '24' } },
    });
    const page = await renderReport([run(), second]);
    const text = textOf(page);
    expect(text).toContain('2 runs compared');
    expect(text).toContain('The best of 2 runs ★ runs/first Validation loss 2.2500 at step 200');
    expect(text).toMatch(
      /Run Validation loss at step Training loss Steps Parameters model versions.node lr ★ runs.first 2.2500 200 2.5000 300 10,227 mlp 20 – runs.second 2.2500 200 2.5000 300 10,227 cnn 24 0.1/,
    );
    expect(text).toContain('Samples at the end runs/first ana leo300 runs/second ana leo300');
  });
  it('tells many apart: by colour and dash, then the best by colour', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        run({
          name: `run-${i}`,
          config: { lr: 0.1 * (i + 1) },
          metrics: [1, 2].map((step) => ({
            step,
            trainLoss: 3,
            valLoss: 3 + Math.abs(i - 7) / 99,
          })),
        }),
      );
    const looksOf = (page: string): string[] =>
      [...page.matchAll(/<svg class="swatch"[\s\S]*?<line\s([^>]*)\/>/g)]
        .map(([, look]) => look)
        .slice(0, (page.match(/<li data-line/g) ?? []).length);
    const twenty = await renderReport(many(20));
    expect(new Set(looksOf(twenty)).size).toBe(20);
    expect(textOf(twenty)).toMatch(
      /The best of 20 runs ★ run-7 Validation loss 3.0000 at step 1 lr 0.8/,
    );
    expect(textOf(twenty)).toContain('From settings to validation loss');
    expect(textOf(twenty)).toContain('What matters');
    const hundred = await renderReport(many(100));
    expect(looksOf(hundred)).toHaveLength(7);
    expect(textOf(hundred)).toContain('the best seven; 93 others in grey');
    expect(hundred.length).toBeLessThan(1_500_000);
    expect(twenty).not.toContain('Embedding of');
  });
  it('takes names of figures and settings that every object has', async () => {
    const odd = (value: number): RunData => {
      const row = JSON.parse(
        `{"step":1,"trainLoss":3,"constructor":${value}}`,
      ) as RunData['metrics'][0];
      const config = JSON.parse(
        `{"__proto__":${value},"toString":"<i>${value}"}`,
      ) as RunData['config'];
      return run({ name: `</script>${value}`, config, metrics: [row] });
    };
    const objective = { metric: 'constructor', direction: 'minimize' } as const;
    const page = await renderReport([1, 2, 3, 4].map(odd), { objective });
    expect(textOf(page)).toContain('constructor 1.0000 at step 1');
    expect(page).not.toContain('<i>1');
    expect(page).not.toContain('</script>1');
  });
  it('says where they come from, each machine and commit once', async () => {
    const from = (cpu: string, day: number): RunData => {
      const startedAt = `2026-01-0${day}T00:00:00Z`;
      const git = { commit: 'ab'.repeat(20), isDirty: false };
      const session = { machine: { cpu, cores: 2 }, versions: { node: '20' }, startedAt, git };
      return run({ name: `run-${day}`, origin: { sessions: [session] } });
    };
    const page = textOf(await renderReport([from('A', 3), from('B', 1), from('A', 2)]));
    expect(page).toContain('Between 2026-01-01 00:00:00 UTC and 2026-01-03 00:00:00 UTC');
    expect(page).toContain(
      `Machine A · 2 cores; B · 2 cores Versions node 20 Git commit ${'ab'.repeat(20)} `,
    );
    expect(textOf(await renderReport([run(), run()]))).not.toContain('Where they come from');
  });
  it('goes by what a sweep is for', async () => {
    const answers = (valAnswerAccuracy: number): RunData =>
      run({
        name: `a${valAnswerAccuracy}`,
        metrics: [{ step: 1, trainLoss: 3, valAnswerAccuracy }],
      });
    const objective = { metric: 'valAnswerAccuracy', direction: 'maximize' } as const;
    const page = await renderReport([answers(0.25), answers(0.5)], { objective });
    expect(textOf(page)).toContain('★ a0.5 Right answers 0.5000');
  });
  it('says when there is no difference, and what a run lacks', async () => {
    const unvalidated = run({
      name: 'runs/second',
      metrics: [
        { step: 1, trainLoss: 3 },
        { step: 2, trainLoss: 2.9 },
      ],
    });
    const text = textOf(await renderReport([run(), unvalidated]));
    expect(text).toContain('They have the same settings, data and versions.');
    expect(text).toContain('★ runs/first');
  });
});
