// What happens between steps: pauses, checkpoints and ends there change no number of a run.
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { averageWeights, sgd, watchActivations } from '../src/index.js';
import type { Between, TrainingEvent, TrainOptions } from '../src/index.js';
import { memoryStore } from './memory-store.js';
import { killAt, Killed, ToyRun } from './toy-run.js';

beforeAll(() => startBackend());

/** All that a run says but for times, and how many checkpoints were written in these. */
async function eventsOf(run: ToyRun, options: Partial<TrainOptions>): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  await run.train({ ...options, listeners: [(event) => void events.push(untimed(event))] });
  return events;
}

function untimed(event: TrainingEvent): TrainingEvent {
  if (event.type === 'log') return { ...event, metrics: { ...event.metrics, stepsPerSecond: 0 } };
  return event.type === 'end' ? { type: 'end', step: event.step, reason: event.reason } : event;
}

const averaged = () =>
  new ToyRun((parameters) =>
    averageWeights(sgd(parameters, { learningRate: 0.1 }), { decay: 0.5 }),
  );

const modes: Record<string, Partial<TrainOptions>> = {
  'as it is': {},
  compiled: { compile },
  'compiled and cut': { compile, shards: 2, accumulate: 2 },
};

describe.each(Object.entries(modes))('between the steps of a run %s', (_, mode) => {
  it('one is told of each step but the last, and may look, evaluate, save and wait', async () => {
    const straight = new ToyRun();
    const expected = await eventsOf(straight, mode);
    const run = new ToyRun();
    const store = memoryStore();
    const steps: number[] = [];
    const watch = watchActivations(run.model);
    const found = await eventsOf(run, {
      ...mode,
      checkpoints: run.checkpoints(store, { interval: 7 }),
      async between({ step, save }) {
        steps.push(step);
        watch.look([...run.validation][0]);
        await run.evaluate();
        if (step % 3 === 0) await save();
      },
    });
    expect(steps).toEqual(Array.from({ length: 40 }, (_, step) => step));
    expect(found).toEqual(expected);
    expect(run.weights).toEqual(straight.weights);
    expect(run.optimizer.state()).toEqual(straight.optimizer.state());
    expect(run.generator.state()).toEqual(straight.generator.state());
  });

  it.each([0, 1, 6, 8, 39])('a checkpoint saved after step %i resumes exactly', async (saved) => {
    const straight = new ToyRun();
    await straight.train(mode);
    const store = memoryStore();
    const first = new ToyRun();
    const checkpoints = first.checkpoints(store, { interval: 1000 });
    const between = ({ step, save }: Between) => (step === saved ? save() : undefined);
    const killed = { ...mode, checkpoints, between, listeners: [killAt(saved + 1)] };
    await expect(first.train(killed)).rejects.toBeInstanceOf(Killed);
    expect([...store.files.keys()]).toContain(`step-${String(saved).padStart(8, '0')}.safetensors`);
    const second = new ToyRun();
    const rest = second.checkpoints(store);
    expect((await rest.resume())?.step).toBe(saved);
    await second.train({ ...mode, checkpoints: rest });
    expect(second.weights).toEqual(straight.weights);
    expect(second.optimizer.state()).toEqual(straight.optimizer.state());
    expect(second.generator.state()).toEqual(straight.generator.state());
  });

  it.each([1, 7, 8, 20])(
    'a run that is ended after step %i says what one that ends itself there does',
    async (end) => {
      const drawSamples = () => ['a text'];
      const options = { ...mode, sampleInterval: 10, logInterval: 10, drawSamples };
      const stores = [memoryStore(), memoryStore()];
      const signals = [new AbortController(), new AbortController()];
      const runs = [new ToyRun(), new ToyRun()];
      const [expected, found] = [
        await eventsOf(runs[0], {
          ...options,
          signal: signals[0].signal,
          checkpoints: runs[0].checkpoints(stores[0], { interval: 4 }),
          batches: abortingAt(runs[0], end, signals[0]),
        }),
        await eventsOf(runs[1], {
          ...options,
          signal: signals[1].signal,
          checkpoints: runs[1].checkpoints(stores[1], { interval: 4 }),
          between: ({ step }) => {
            if (step !== end) return undefined;
            queueMicrotask(() => signals[1].abort());
            return new Promise(() => {}); // a pause that nobody ends
          },
        }),
      ];
      // where the step was logged before it was the last, samples come after the log
      const byType = (events: readonly TrainingEvent[]) =>
        events.toSorted((a, b) => a.type.localeCompare(b.type));
      expect(byType(found)).toEqual(byType(expected));
      expect(found.at(-1)).toMatchObject({ type: 'end', step: end, reason: 'stopped' });
      const last = `step-${String(end).padStart(8, '0')}.safetensors`;
      expect(stores[1].files.get(last)).toEqual(stores[0].files.get(last));
      expect(runs[1].weights).toEqual(runs[0].weights);
    },
  );
});

/** Batches that abort a signal as that of a step is asked for, so that the run ends with this step. */
function* abortingAt(run: ToyRun, step: number, controller: AbortController) {
  let given = 0;
  for (const batch of run.batches) {
    if (++given === step) controller.abort();
    yield batch;
  }
}

describe('between', () => {
  it('has the weights of training where those of evaluation are others', async () => {
    const straight = averaged();
    const trained: number[][] = [];
    await straight.train({
      valInterval: 0,
      async between() {
        trained.push(straight.weights);
      },
    });
    const run = averaged();
    const seen: number[][] = [];
    await run.train({
      valInterval: 1,
      sampleInterval: 1,
      drawSamples: () => [],
      async between() {
        seen.push(run.weights);
      },
    });
    expect(seen).toEqual(trained);
    expect(run.weights).toEqual(straight.weights);
    expect(run.weights).not.toEqual(seen.at(-1));
  });

  it('is no part of the steps a second', async () => {
    const now = vi.spyOn(performance, 'now');
    let ms = 0;
    now.mockImplementation(() => (ms += 1));
    try {
      const rates: number[] = [];
      const measure = async (between?: TrainOptions['between']) => {
        await new ToyRun().train({
          ...(between && { between }),
          maxSteps: 40,
          valInterval: 0,
          logInterval: 10,
          listeners: [(event) => event.type === 'log' && rates.push(event.metrics.stepsPerSecond)],
        });
        return rates.splice(0);
      };
      const bare = await measure(() => undefined);
      const paused = await measure(async () => {
        await Promise.resolve();
        ms += 60_000;
      });
      expect(paused).toHaveLength(4);
      for (const [i, rate] of paused.entries()) expect(rate / bare[i]).toBeCloseTo(1, 0);
    } finally {
      now.mockRestore();
    }
  });

  it('before the first step may end the run, which then does nothing', async () => {
    const controller = new AbortController();
    const run = new ToyRun();
    const store = memoryStore();
    const { signal } = controller;
    const checkpoints = run.checkpoints(store);
    const between = async () => controller.abort();
    const events = await eventsOf(run, { signal, between, checkpoints });
    expect(events.map(({ type }) => type)).toEqual(['start', 'end']);
    expect(events.at(-1)).toMatchObject({ step: 0, reason: 'stopped' });
    expect(store.files.size).toBe(0);
  });

  it('ends the run by an error, and lets go of its checkpoints', async () => {
    const run = new ToyRun();
    const store = memoryStore();
    const checkpoints = run.checkpoints(store);
    const between = async ({ step }: Between) => {
      if (step === 3) throw new Error('no more');
    };
    const events: TrainingEvent[] = [];
    const listeners = [(event: TrainingEvent) => void events.push(event)];
    await expect(run.train({ checkpoints, between, listeners })).rejects.toThrow('no more');
    expect(events.at(-1)).toMatchObject({ type: 'end', step: 3, reason: 'failed' });
    await new ToyRun().train({ checkpoints: new ToyRun().checkpoints(store) });
  });

  it('saves nothing without checkpoints, nor once the run has gone on', async () => {
    let kept: Between | undefined;
    const late: unknown[] = [];
    await new ToyRun().train({
      maxSteps: 3,
      async between(at) {
        if (kept !== undefined) await kept.save().catch((error: unknown) => late.push(error));
        kept ??= at;
        await at.save();
      },
    });
    expect(late).toEqual([
      new Error(
        'train: save() must be called before the promise of between settles; got a call for step 0',
      ),
      new Error(
        'train: save() must be called before the promise of between settles; got a call for step 0',
      ),
    ]);
  });

  it('saves a step once, and again where that failed', async () => {
    const run = new ToyRun();
    const store = memoryStore();
    const written: string[] = [];
    const errors: unknown[] = [];
    const checkpoints = run.checkpoints(
      {
        ...store,
        write(name, bytes) {
          written.push(name);
          return written.length === 1
            ? Promise.reject(new Error('full'))
            : store.write(name, bytes);
        },
      },
      { interval: undefined, onError: (error) => errors.push(error) },
    );
    await run.train({
      checkpoints,
      maxSteps: 4,
      async between({ step, save }) {
        if (step !== 2) return;
        await save();
        expect(checkpoints.outcome).toMatchObject({ written: 0, failed: 1 });
        await save();
        await save();
      },
    });
    expect(written).toEqual(['step-00000002.safetensors', 'step-00000002.safetensors']);
    expect(errors).toEqual([new Error('full')]);
    expect(checkpoints.outcome).toMatchObject({ written: 1, failed: 1, lastStep: 2 });
  });
});
