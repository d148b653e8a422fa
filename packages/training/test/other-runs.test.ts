// A store belongs to one run: another one, and a second writer, are refused.
import { CharTokenizer, SequenceDataset, SequenceLoader } from '@llm101/data';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  adam,
  cosineDecay,
  decodeCheckpoint,
  encodeCheckpoint,
  exportCheckpoint,
  importCheckpoint,
  interpret,
  InfiniteLoader,
  loaderPart,
  OtherRunError,
  StoreInUseError,
  type Compile,
  type TrainingListener,
} from '../src/index.js';
import { memoryStore } from './memory-store.js';
import { recipe, TOKENS, type Recipe } from './recipe.js';
import type { bigram } from './toy.js';

beforeAll(() => startBackend());

describe('a store with checkpoints of another run', () => {
  const adamOf = (more: object) => (learningRate: number, model: ReturnType<typeof bigram>) =>
    adam(model.parameters(), { learningRate, ...more });
  const others: readonly [string, Recipe, Recipe, RegExp][] = [
    ['seed', {}, { seed: 2 }, /model\.initialValues is "\w+", not "\w+", batches\.seed is/],
    [
      'rate',
      {},
      { learningRate: 0.2 },
      /optimizer\.groups\.0\.settings\.learningRate is 0\.1, not 0\.2/,
    ],
    ['batch size', {}, { batchSize: 3 }, /batches\.batchSize is 2, not 3/],
    ['text', {}, { tokens: [0, 1, 2, 0, 1, 2, 2, 0] }, /batches\.data is "\w+", not "\w+"/],
    ['longer text', {}, { tokens: [...TOKENS, 1] }, /batches\.rows is 7, not 8/],
    ['order', {}, { reshuffle: true }, /batches\.reshuffle is false, not true/],
    ['size', {}, { symbols: 4 }, /model\.shapes\.weight is "\[3, 3\]", not "\[4, 4\]"/],
    ['optimizer', {}, { makeOptimizer: adamOf({}) }, /optimizer\.rule is "sgd", not "adam"/],
    [
      'betas',
      { makeOptimizer: adamOf({ betas: [0.9, 0.999] }) },
      { makeOptimizer: adamOf({ betas: [0.9, 0.99] }) },
      /optimizer\.groups\.0\.settings\.betas\.1 is 0\.999, not 0\.99/,
    ],
    [
      'clipping',
      { makeOptimizer: adamOf({}) },
      { makeOptimizer: adamOf({ clipNorm: 1 }) },
      /optimizer\.clipNorm is not set, not 1/,
    ],
    [
      'schedule',
      { schedule: cosineDecay({ learningRate: 0.1, steps: 100 }) },
      { schedule: cosineDecay({ learningRate: 0.1, steps: 200 }) },
      /train\.learningRate\.step 2 is 0\.09\d+, not 0\.09\d+/,
    ],
    [
      'no schedule',
      {},
      { schedule: () => 0.1 },
      /train\.learningRate\.step 1 is not set, not 0\.1/,
    ],
    ['setting', { config: { p: 0.1 } }, { config: { p: 0.2 } }, /p is 0\.1, not 0\.2/],
    ['new setting', {}, { config: { p: 0.2 } }, /p is not set, not 0\.2/],
    ['setting gone', { config: { p: 0.1 } }, {}, /p is 0\.1, not set/],
  ];
  it.each(others)('is refused where the %s differs', async (_, first, second, difference) => {
    const store = memoryStore();
    await recipe(store, first).run();
    const before = [...store.files.keys()];
    const other = recipe(store, { ...second, maxSteps: 20 });
    const error: unknown = await other.run().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(OtherRunError);
    expect(error).toMatchObject({ message: expect.stringMatching(difference) as unknown });
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^the store has checkpoints of another run: in step-00000010\.safetensors .*; resume with those settings, or give this run a store of its own$/,
      ) as unknown,
    });
    expect([...store.files.keys()]).toEqual(before);
    await recipe(store, { ...first, maxSteps: 20 }).run(); // its own run continues, and for longer
  });

  it('is refused where it was trained with other arithmetic', async () => {
    /** As an engine that has relaxed SIMD compiles, and rounds. */
    const relaxed: Compile = (step, settings) =>
      Object.assign(compile(step, settings), { arithmetic: 'compiled, relaxed SIMD' });
    const kinds: readonly [string, Compile | undefined][] = [
      ['uncompiled on wasm', undefined],
      ['compiled', compile],
      ['compiled, relaxed SIMD', relaxed],
    ];
    for (const [first, firstCompile] of kinds) {
      const store = memoryStore();
      await recipe(store).run({ compile: firstCompile ?? interpret });
      const [bytes] = store.files.values();
      expect(decodeCheckpoint(bytes).identity).toMatchObject({ loop: { arithmetic: first } });
      for (const [second, secondCompile] of kinds.filter(([name]) => name !== first)) {
        const run = recipe(store, { maxSteps: 20 }).run({ compile: secondCompile ?? interpret });
        await expect(run).rejects.toThrow(`train.arithmetic is "${first}", not "${second}"`);
      }
      await recipe(store, { maxSteps: 20 }).run({ compile: firstCompile ?? interpret });
    }
  });

  it('goes on with other arithmetic where it may, and says since when', async () => {
    const there: Compile = (step, settings) =>
      Object.assign(compile(step, settings), { arithmetic: 'there' });
    const store = memoryStore();
    const starts: object[] = [];
    const listener: TrainingListener = (event) => event.type === 'start' && starts.push(event);
    const kinds = [compile, there, there, compile, compile];
    for (const [i, compiler] of kinds.entries()) {
      const resumed = recipe(store, { maxSteps: 10 * (i + 1), mayRoundOtherwise: true });
      await resumed.run({ compile: compiler, listeners: [listener] });
    }
    const first = { arithmetic: 'compiled', until: 10 };
    const second = { arithmetic: 'there', until: 30 };
    expect(starts).toMatchObject([
      { step: 0, arithmetic: 'compiled' },
      { step: 10, arithmetic: 'there', earlier: [first] },
      { step: 20, arithmetic: 'there', earlier: [first] },
      { step: 30, arithmetic: 'compiled', earlier: [first, second] },
      { step: 40, arithmetic: 'compiled', earlier: [first, second] },
    ]);
    expect(starts[0]).not.toHaveProperty('earlier');
    const refused = recipe(store, { maxSteps: 60 }).run({ compile: there });
    await expect(refused).rejects.toThrow('train.arithmetic is "compiled", not "there"');
    await recipe(store, { maxSteps: 60 }).run({ compile, listeners: [listener] });
    expect(starts[5]).toMatchObject({ step: 50, earlier: [first, second] });
  });

  it.each([
    'compiled',
    [{ arithmetic: 'there', until: 'ten' }],
    [{ until: 10 }],
    [
      { arithmetic: 'there', until: 10 },
      { arithmetic: 'here', until: 10 },
    ],
  ])('is refused where what is said of its arithmetic is wrong: %j', async (earlierArithmetic) => {
    const store = memoryStore();
    await recipe(store).run({ compile });
    for (const [name, bytes] of store.files) {
      const { identity, ...checkpoint } = decodeCheckpoint(bytes);
      const { loop, ...others } = identity as { readonly loop: object };
      const changed = { ...others, loop: { ...loop, earlierArithmetic } };
      store.files.set(name, encodeCheckpoint({ ...checkpoint, identity: changed }));
    }
    const resumed = recipe(store, { maxSteps: 20 }).run({ compile });
    await expect(resumed).rejects.toThrow("how it rounded before isn't a list of steps");
  });

  it.each(['shards', 'accumulate'] as const)(
    'is refused where batches were cut otherwise: %s',
    async (name) => {
      const store = memoryStore();
      await recipe(store).run();
      const [newest] = [...store.files.values()].slice(-1);
      expect(decodeCheckpoint(newest).identity).not.toHaveProperty(`loop.${name}`); // as before
      await expect(recipe(store, { maxSteps: 20 }).run({ [name]: 2 })).rejects.toThrow(
        `train.${name} is not set, not 2`,
      );
      const cut = memoryStore();
      await recipe(cut).run({ [name]: 2 });
      await recipe(cut, { maxSteps: 20 }).run({ [name]: 2 });
      await expect(recipe(cut, { maxSteps: 30 }).run({ [name]: 3 })).rejects.toThrow(
        `train.${name} is 2, not 3`,
      );
    },
  );
  it('is refused before anything is loaded', async () => {
    const store = memoryStore();
    await recipe(store).run();
    const other = recipe(store, { seed: 2 });
    const before = other.weights();
    await expect(other.checkpoints.resume()).rejects.toBeInstanceOf(OtherRunError);
    expect(other.weights()).toEqual(before);
  });

  it('is known by lines too, and by their order', () => {
    const tokenizer = CharTokenizer.fromText(['ab', 'b']);
    const of = (lines: readonly string[], packedSize = 8) =>
      loaderPart(
        new InfiniteLoader(
          new SequenceLoader(new SequenceDataset(lines, tokenizer), { packedSize }),
        ),
      ).identity?.();
    expect(of(['ab', 'b'])).toEqual(of(['ab', 'b']));
    expect(of(['b', 'ab'])).not.toEqual(of(['ab', 'b']));
    expect(of(['ab', 'b'], 9)).not.toEqual(of(['ab', 'b']));
  });

  it('is told apart by who made it where an old checkpoint does not say', async () => {
    const store = memoryStore();
    await recipe(store).run();
    for (const [name, bytes] of store.files) {
      const { identity: _, ...old } = decodeCheckpoint(bytes);
      store.files.set(name, encodeCheckpoint(old));
    }
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await recipe(store, { maxSteps: 20 }).run();
    expect(warn.mock.calls).toEqual([
      [
        expect.stringMatching(
          /^checkpoint step-00000010\.safetensors doesn't say of which run it is, .* are not compared$/,
        ),
      ],
    ]);
    warn.mockRestore();
  });
});

describe('a model that goes on with what it has', () => {
  it('is the same run, though its parts are made anew', async () => {
    const [whole, store] = [recipe(memoryStore(), { maxSteps: 20 }), memoryStore()];
    await whole.run();
    const first = recipe(store);
    await first.run();
    await first.run({ maxSteps: 20 });
    expect(first.weights()).toEqual(whole.weights());
  });
});

describe('a second run on a store', () => {
  it('is refused while the first one trains, and let in afterwards', async () => {
    const store = memoryStore();
    const [first, second] = [recipe(store), recipe(store)];
    let refused: unknown;
    const listener: TrainingListener = (event) => {
      if (event.type !== 'start') return;
      refused = second.run().catch((error: unknown) => error);
    };
    await first.run({ listeners: [listener] });
    expect(await refused).toBeInstanceOf(StoreInUseError);
    await second.run();
  });
  it('is let in where the first one failed, or was refused', async () => {
    const store = memoryStore();
    const fail = {
      listeners: [
        () => {
          throw new Error('no more');
        },
      ],
    };
    await expect(recipe(store).run(fail)).rejects.toThrow('no more');
    await recipe(store).run();
    await expect(recipe(store, { seed: 2 }).run()).rejects.toBeInstanceOf(OtherRunError);
    await recipe(store).run();
  });
  it('is let in once the first has closed what it only looked at', async () => {
    const store = memoryStore();
    const { checkpoints } = recipe(store);
    await checkpoints.resume();
    await expect(recipe(store).run()).rejects.toThrow('close() its checkpoints');
    await checkpoints.close();
    await recipe(store).run();
  });
});

describe('a checkpoint that moves', () => {
  it('from store to store and back ends as one that stayed', async () => {
    const stayed = memoryStore();
    await recipe(stayed, { maxSteps: 30 }).run();
    const [home, page] = [memoryStore(), memoryStore()];
    await recipe(home, { maxSteps: 10 }).run();
    const out = await exportCheckpoint(home);
    expect(out).toMatchObject({ name: 'step-00000010.safetensors', step: 10 });
    expect(await importCheckpoint(page, out?.bytes ?? new Uint8Array())).toMatchObject({
      step: 10,
    });
    await recipe(page, { maxSteps: 20 }).run();
    const back = await exportCheckpoint(page);
    await importCheckpoint(home, back?.bytes ?? new Uint8Array());
    await recipe(home, { maxSteps: 30 }).run();
    const last = 'step-00000030.safetensors';
    expect(home.files.get(last)).toEqual(stayed.files.get(last));
  });
  it('is refused where it is damaged, older, or of another run', async () => {
    expect(await exportCheckpoint(memoryStore())).toBeUndefined();
    const [store, other] = [memoryStore(), memoryStore()];
    await recipe(store, { maxSteps: 10 }).run();
    await recipe(other, { maxSteps: 20, learningRate: 0.2 }).run();
    const bytes = store.files.get('step-00000005.safetensors') ?? new Uint8Array();
    await expect(importCheckpoint(store, bytes)).rejects.toThrow(
      'the store has a later checkpoint, step-00000010.safetensors',
    );
    await expect(importCheckpoint(other, bytes)).rejects.toThrow(
      /step-00000020\.safetensors parts\.optimizer\.groups\.0\.settings\.learningRate is 0\.2, not 0\.1; take a store of its own/,
    );
    await expect(importCheckpoint(memoryStore(), bytes.slice(0, 99))).rejects.toThrow(
      /safetensors|crc32/,
    );
    const damaged = memoryStore();
    damaged.files.set('step-00000010.safetensors', bytes.slice(0, 50));
    await expect(exportCheckpoint(damaged)).rejects.toThrow(
      'exportCheckpoint: no checkpoint is whole; the newest is step-00000010.safetensors: ',
    );
    damaged.files.set('step-00000005.safetensors', bytes);
    expect((await exportCheckpoint(damaged))?.step).toBe(5);
  });
});
