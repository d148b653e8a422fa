// Pages: what is on them, and what must not be.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { renderReport } from '../src/index.js';
import { norm, run, textOf } from './runs.js';

describe('the page of one run', () => {
  it('shows its figures, charts, names, embedding and configuration', async () => {
    const page = await renderReport([run()]);
    const text = textOf(page);
    expect(text).toContain('Validation loss 2.2500 the lowest, at step 200');
    expect(text).toContain(`Bits a token ${(2.25 / Math.LN2).toFixed(3)}`);
    expect(text).toContain('Training loss 2.5000 last steps; 2.7000 in all Steps 300 of 300');
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
  it('is one file, in the colours of light and dark, with one script that its policy names', async () => {
    const page = await renderReport([run()]);
    const [, policy] = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page) ?? [];
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script);
    const hash = createHash('sha256').update(scripts[0]).digest('base64');
    expect(scripts).toHaveLength(1);
    expect(policy).toBe(
      `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`,
    );
    const markup = page.replace(scripts[0], '').replaceAll('<script type="application/json">', '');
    expect(markup).not.toMatch(/<script\w|<link|<img|<iframe|@import|url\(|\son\w+=|javascript:/i);
    expect(markup).not.toMatch(/(?:src|href)="/);
    expect(page).toContain('@media (prefers-color-scheme: dark)');
    const charts = markup.match(/<svg role="img"[\s\S]*?<\/svg>/g) ?? [];
    expect(charts).toHaveLength(11); // five for two widths each, and the embedding
    for (const chart of charts) {
      const colours = [...chart.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, colour]) => colour);
      expect(colours.length).toBeGreaterThan(5);
      for (const colour of colours) {
        expect(colour).toMatch(/^(none|transparent|var\(--\w+(, Canvas)?\))$/);
      }
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
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).not.toContain(evil);
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;');
    expect(page).toMatch(/<text[^>]*>&lt;<\/text>/);
  });
  it('draws how parameters are distributed over the steps', async () => {
    const quantiles = { values: [-3, -2, -1, 0, 1, 2, 3] };
    const statistics = [1, 300].map((step) => ({
      step,
      parameterNorm: 5,
      gradientNorm: 0.5,
      parameters: { '<w>': { ...norm(1, 1), quantiles } },
    }));
    const page = await renderReport([run({ statistics })]);
    expect(textOf(page)).toContain('Parameters over steps');
    expect(textOf(page)).not.toContain('Gradients over steps');
    expect(page).toContain('aria-label="&lt;w&gt;"');
  });
  it('says where the run comes from', async () => {
    const machine = { cpu: 'A <CPU>', cores: 2, memoryBytes: 2 ** 33, os: 'Linux 6', arch: 'x64' };
    const session = {
      machine,
      versions: { node: '20.1.0' },
      startedAt: '2026-01-02T03:04:05.000Z',
    };
    const git = { commit: 'ab'.repeat(20), branch: 'main', isDirty: true };
    const first = {
      ...session,
      durationMs: 61_000,
      command: ['llm101', 'train', '--data', "it's"],
      git,
    };
    const second = { ...session, durationMs: 3_600_000, reason: 'finished', command: ['llm101'] };
    const alone = textOf(await renderReport([run({ origin: { sessions: [first] } })]));
    expect(alone).toContain(
      'Machine A &lt;CPU&gt; · 2 cores · 8.0 GiB of memory System Linux 6 · x64',
    );
    expect(alone).toContain(`Git commit ${'ab'.repeat(20)} on main · with changes`);
    expect(alone).toContain(`Command llm101 train --data &#39;it&#39;\\&#39;&#39;s&#39;`);
    const resumed = textOf(await renderReport([run({ origin: { sessions: [first, second] } })]));
    expect(resumed).toContain('Started 2026-01-02 03:04:05 UTC');
    expect(resumed).toContain('Took 1 h 01 min, in 2 sessions');
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
    expect(page.length).toBeLessThan(300_000);
    const steps = [...page.matchAll(/<b>([\d,]+)<\/b>/g)].map(([, step]) => step);
    expect(steps).toHaveLength(12);
    expect([steps[0], steps[11]]).toEqual(['1', '1,000']);
  });
});

it('needs a run, and not too many', async () => {
  await expect(renderReport([])).rejects.toThrow('renderReport: there must be at least one run');
  const many = Array.from({ length: 1001 }, () => run());
  await expect(renderReport(many)).rejects.toThrow('at most 1000 runs; got 1001');
});
