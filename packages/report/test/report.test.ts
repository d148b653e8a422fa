// Pages: what is on them, and what must not be.
import { describe, expect, it } from 'vitest';
import { renderReport, type RunData } from '../src/index.js';

const norm = (values: number, gradient?: number) => ({ values, gradient });
const run = (changes: Partial<RunData> = {}): RunData => ({
  name: 'runs/first',
  config: {
    model: 'mlp',
    data: 'names',
    seed: 101,
    maxSteps: 300,
    dataSha256: 'ab'.repeat(32),
    versions: { node: '20' },
  },
  metrics: [100, 200, 300].map((step) => ({
    step,
    trainLoss: 3 - step / 1000,
    batchLoss: 2.5,
    valLoss: step === 200 ? 2.25 : 2.5,
    stepsPerSecond: step,
    learningRate: 0.01,
  })),
  samples: [100, 300].map((step) => ({ step, texts: ['ana', `leo${step}`] })),
  statistics: [1, 300].map((step) => ({
    step,
    parameterNorm: 5,
    gradientNorm: 0.5,
    parameters: { 'embedding.weight': norm(3, 0.4), 'linear.bias': norm(4, 0.3) },
  })),
  model: {
    parameterCount: 10_227,
    embedding: {
      name: 'embedding.weight',
      symbols: ['.', 'a', 'b'],
      vectors: [
        [1, 2, 0],
        [0, 1, 1],
        [2, 0, 3],
      ],
    },
  },
  ...changes,
});

/** The text that a reader sees, without the charts' own. */
const textOf = (page: string): string =>
  page
    .replaceAll(/<style>[\s\S]*?<\/style>|<svg[\s\S]*?<\/svg>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('the page of one run', () => {
  it('shows its figures, charts, names, embedding and configuration', async () => {
    const page = await renderReport([run()]);
    const text = textOf(page);
    expect(text).toContain('Validation loss 2.2500 the lowest, at step 200');
    expect(text).toContain(`Bits a token ${(2.25 / Math.LN2).toFixed(3)}`);
    expect(text).toContain('Training loss 2.7000 mean of all batches Steps 300 of 300');
    expect(text).toContain('Steps a second 200 median Parameters 10,227');
    expect(text).toContain('100 ana leo100 300 ana leo300');
    expect(text).toContain(`SHA-256 of the data ${'ab'.repeat(32)} versions.node 20`);
    const labels = [...page.matchAll(/<svg role="img" aria-label="([^"]*)"/g)].map(
      ([, label]) => label,
    );
    expect([...new Set(labels)]).toEqual([
      'Loss',
      'Learning rate',
      'Steps a second',
      'Norm of the gradient',
      'Norm of the parameters',
      'The embedding of each symbol in two dimensions',
    ]);
  });
  it('shows how many whole answers are right, where lines have answers', async () => {
    const [row] = run().metrics;
    const metrics = [
      { ...row, step: 1, valAnswerAccuracy: 0.25 },
      { ...row, step: 2, valAnswerAccuracy: 1 },
    ];
    const page = await renderReport([run({ metrics })]);
    expect(page).toContain('aria-label="Whole answers right"');
    expect(textOf(page)).toContain('The share of those held out.');
  });
  it('is one file without script, in the colours of light and dark', async () => {
    const page = await renderReport([run()]);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=|javascript:/i);
    expect(page).not.toMatch(/(?:src|href)="/);
    expect(page).toContain('@media (prefers-color-scheme: dark)');
    const charts = page.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
    expect(charts).toHaveLength(11); // five for two widths each, and the embedding
    for (const chart of charts) {
      const colours = [...chart.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, colour]) => colour);
      expect(colours.length).toBeGreaterThan(5);
      for (const colour of colours) expect(colour).toMatch(/^(none|transparent|var\(--\w+\))$/);
      expect(chart).toMatch(/^<svg [^>]*viewBox="0 0 \d+ \d+">/);
    }
  });
  it('draws the histograms that were recorded last', async () => {
    const histogram = { counts: [1, 2, 1], edges: [-1, 0, 1, 2] };
    const parameters = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [
        `layer${i}`,
        { ...norm(1, 1), histograms: { values: histogram, ...(i < 2 && { gradient: histogram }) } },
      ]),
    );
    const statistics = [{ step: 2000, parameterNorm: 5, gradientNorm: 0.5, parameters }];
    const page = await renderReport([run({ statistics })]);
    expect(textOf(page)).toContain('Parameters at step 2,000');
    expect(textOf(page)).toContain('8 of 10 are drawn.');
    const [, gradients] = /aria-label="Gradients at step 2,000"([\s\S]*?)<\/svg>/.exec(page) ?? [];
    expect([...gradients.matchAll(/>(layer\d)</g)].map(([, name]) => name)).toEqual([
      'layer0',
      'layer1',
    ]);
    expect(textOf(await renderReport([run()]))).not.toContain('Parameters at');
  });
  it('is the same each time', async () => {
    expect(await renderReport([run()])).toBe(await renderReport([run()]));
  });
  it('asks the browser to load and run nothing', async () => {
    expect(await renderReport([run()])).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'"`,
    );
  });
  it('escapes what it is given', async () => {
    const evil = `<script>alert("1")</script>&'`;
    const page = await renderReport([
      run({
        name: evil,
        config: { model: evil, nested: { [evil]: evil } },
        samples: [{ step: 1, texts: [evil] }],
        model: {
          parameterCount: 1,
          embedding: {
            name: '<b>',
            symbols: ['<', '"', '&'],
            vectors: [
              [1, 0],
              [0, 1],
              [1, 1],
            ],
          },
        },
      }),
    ]);
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;');
    expect(page).toMatch(/<text[^>]*>&lt;<\/text>/);
  });
  it('does without what a run has not got', async () => {
    const page = await renderReport([
      run({ config: {}, metrics: [], samples: [], statistics: [], model: undefined }),
    ]);
    const text = textOf(page);
    expect(text).toContain('Validation loss – not measured');
    expect(text).not.toMatch(/Samples by step|Embedding|Configuration|NaN|undefined/);
  });
  it('downsamples long runs, keeping the first and the last sample', async () => {
    const samples = Array.from({ length: 1000 }, (_, i) => ({ step: i + 1, texts: ['ana'] }));
    const metrics = Array.from({ length: 200_000 }, (_, i) => ({
      step: i + 1,
      batchLoss: 3,
      trainLoss: 3 - i / 1e6,
    }));
    const page = await renderReport([run({ samples, metrics })]);
    expect(page.length).toBeLessThan(150_000);
    const steps = [...page.matchAll(/<b>([\d,]+)<\/b>/g)].map(([, step]) => step);
    expect(steps).toHaveLength(12);
    expect([steps[0], steps[11]]).toEqual(['1', '1,000']);
  });
});

describe('the page of several runs', () => {
  it('compares their figures, and says where their settings differ', async () => {
    const second = run({
      name: 'runs/second',
      config: { ...run().config, model: 'cnn', lr: 0.1, versions: { node: '24' } },
    });
    const page = await renderReport([run(), second]);
    const text = textOf(page);
    expect(text).toContain('2 runs compared');
    expect(text).toContain('runs/first mlp 2.2500 200 2.7000 300 200');
    expect(text).toContain('runs/second cnn 2.2500 200');
    expect(text).toMatch(
      /settings differ runs\/first runs\/second model mlp cnn versions\.node 20 24 lr – 0\.1 Embedding of/,
    );
    expect(text).toContain('Samples at the end runs/first ana leo300 runs/second ana leo300');
  });
  it('says when there is no difference, and takes the training loss where one has no validation', async () => {
    const unvalidated = run({
      metrics: [
        { step: 1, trainLoss: 3 },
        { step: 2, trainLoss: 2.9 },
      ],
    });
    const text = textOf(await renderReport([run(), unvalidated]));
    expect(text).toContain('Nowhere: the runs have the same settings');
    expect(text).toContain('Mean of all batches so far');
  });
});

it('needs a run', async () => {
  await expect(renderReport([])).rejects.toThrow('renderReport: there must be at least one run');
});
