// How many kernels a step of nanoGPT's run on a CPU takes, on paper: without a GPU.
import { resolveSettings, runTraining } from '@llm101/runs';
import type { Compile, Feeds } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { optimizedGraph, RecordedStep } from '@llm101/wasm/recording';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { plan, type Plan } from '../src/plan/plan.js';

class Planned extends Error {
  readonly plan: Plan;

  constructor(found: Plan) {
    super('planned');
    this.plan = found;
  }
}

/** Ends with the plan of a step that assigns to variables, once its optimizer is set up. */
const toPlan: Compile = <Inputs extends readonly Tensor[]>(step: (...inputs: Inputs) => Tensor) => {
  const recorded = new RecordedStep(step, {
    rehearse: 'never',
    cacheSize: 1,
    build(graph) {
      throw new Planned(plan(optimizedGraph(graph), () => 0));
    },
  });
  const refuse = (): never => {
    throw new Error('only readLater');
  };
  return Object.assign(refuse, {
    read: refuse,
    readInto: refuse,
    readLater: async (...feeds: Feeds<Inputs>) => {
      recorded.prepare(feeds).output?.dispose();
      return [1];
    },
    sync: () => Promise.resolve(),
    dispose: () => recorded.dispose(),
  });
};

/** All of 65 characters, as Shakespeare's text has. */
const letters = Array.from({ length: 65 }, (_, i) => String.fromCharCode(48 + i)).join('');
const text = letters.repeat(80);

it('a step of nanoGPT takes at most 120 kernels', async () => {
  await startBackend();
  const flags = {
    preset: 'shakespeare-char',
    device: 'webgpu',
    shards: 1,
    valInterval: 0,
    maxSteps: 2000,
  } as const;
  const loaded = { name: 'letters', text, characters: text.length, sha256: '0'.repeat(64) };
  const run = runTraining(resolveSettings({ flags }), {
    compile,
    gpu: toPlan,
    loadText: () => Promise.resolve(loaded),
  });
  const { plan: found } = await run.then(
    () => expect.fail('the run has ended'),
    (error: unknown) => (error instanceof Planned ? error : Promise.reject(error as Error)),
  );
  const counts: Record<string, number> = {};
  for (const { name } of found.dispatches) counts[name] = (counts[name] ?? 0) + 1;
  expect(found.dispatches.length, JSON.stringify(counts)).toBeLessThanOrEqual(120);
  expect([found.copies, found.saves]).toEqual([[], []]);
});
