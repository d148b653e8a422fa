// A run that is looked at while it trains: what is asked of its model changes no byte of it.
import { loadText } from '@llm101/data';
import { Generator } from '@llm101/random';
import { prepareData, resolveSettings, Run } from '@llm101/runs';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, expect, it } from 'vitest';
import { drawText, planTexts, Predictor } from '../src/index.js';

beforeAll(() => startBackend());

it.each([
  ['mlp', {}],
  ['wavenet', { dropout: 0.2, dHidden: 8, depth: 2, packedSize: 64 }],
  ['gru', { dHidden: 16 }],
  [
    'gpt',
    {
      examples: 'blocks',
      dEmbed: 16,
      heads: 2,
      layers: 2,
      contextSize: 16,
      batchSize: 4,
      dropout: 0.1,
    },
  ],
] as const)('%s: what is asked between steps changes no byte', async (model, flags) => {
  const settings = resolveSettings({ flags: { ...flags, model, maxSteps: 12, valInterval: 6 } });
  const names = await loadText('names');
  const text = names.text.slice(0, names.text.indexOf('\n', 4000) + 1);
  const data = await prepareData(settings, { ...names, text });

  const straight = new Run(settings, data, compile);
  await straight.train({ samples: 0 });
  const expected = straight.save();
  straight.dispose();

  const run = new Run(settings, data, compile);
  const saved = { model: run.model, tokenizer: data.tokenizer, examples: data.examples };
  const predictor = new Predictor(saved, { compile });
  const seen: number[] = [];
  await run.train({
    samples: 0,
    async between({ step }) {
      predictor.changed();
      const [{ probability }] = predictor.next('an');
      seen.push(probability);
      const fresh = new Predictor(saved, { compile });
      expect(fresh.next('an')[0].probability).toBe(probability);
      fresh.dispose();
      if (step % 5 !== 0) return;
      await predictor.surprise('anna');
      const plan = planTexts(saved, { prompt: 'an', maxLength: 6 });
      const options = { generator: Generator.seeded(1), scores: predictor.scores };
      expect([...drawText(plan, options)].length).toBeGreaterThan(0);
    },
  });
  expect(new Set(seen).size).toBe(seen.length); // each step has its own
  expect(Buffer.from(run.save()).equals(Buffer.from(expected))).toBe(true);
  predictor.dispose();
  run.dispose();
});
