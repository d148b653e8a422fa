import { readFileSync } from 'node:fs';
import { Generator } from '@llm101/random';
import { expectClose, namesPath } from '@tools/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codeInLanes,
  frequenciesFromLogits,
  makeDecoder,
  makeEncoder,
  NgramModel,
  scaledFrequencies,
  sequenceCrossEntropy,
} from '../src/index.js';
import type { CoderName, FrequencyTable, LaneOptions } from '../src/index.js';

const CODERS: CoderName[] = ['huffman', 'arithmetic', 'rans'];

/** A model that knows each symbol's successor. */
const predict: LaneOptions['predict'] = (contexts) =>
  contexts.map((context) => {
    const last = context.at(-1) ?? 0;
    return scaledFrequencies([0, 1, 2, 3].map((symbol) => (symbol === (last + 1) % 4 ? 8 : 1)));
  });

describe.each(CODERS)('%s', (name) => {
  it('gives back any symbols in any number of lanes', () => {
    const symbols = fc.array(fc.nat(3), { maxLength: 60 });
    fc.assert(
      fc.property(symbols, fc.integer({ min: 1, max: 70 }), (message, lanes) => {
        const { length } = message;
        const options = { length, lanes, separator: 0, predict };
        const encoder = makeEncoder(name);
        expect(codeInLanes({ ...options, coder: encoder }, message)).toEqual(message);
        const decoder = makeDecoder(name, encoder.finish());
        expect(Array.from(codeInLanes({ ...options, coder: decoder }))).toEqual(message);
        decoder.finish();
      }),
    );
  });
});

describe('contexts', () => {
  it('are those of each lane, since its last separator', () => {
    const seen: string[] = [];
    const options: LaneOptions = {
      coder: makeEncoder('arithmetic'),
      length: 8,
      lanes: 3,
      separator: 0,
      predict: (contexts) => {
        seen.push(contexts.map((context) => context.join('')).join('|'));
        return predict(contexts);
      },
    };
    codeInLanes(options, [1, 2, 3, 1, 0, 2, 3, 3]); // 123|102|33
    expect(seen).toEqual(['||', '1|1|3', '12|']);
    seen.length = 0;
    codeInLanes({ ...options, lanes: 1, mostContext: 2 }, [1, 2, 3, 1, 0, 2, 3, 3]);
    expect(seen).toEqual(['', '1', '', '3', '', '', '2', '']);
  });
  it.each([
    [{ lanes: 0 }, 'lanes must be a whole number from 1 on; got 0'],
    [{ length: -1 }, 'length must be a whole number from 0 on; got -1'],
    [{ length: 3 }, 'there must be 3 symbols; got 2'],
    [{ predict: (): FrequencyTable[] => [] }, 'predict must return 1 tables; got 0'],
  ])('%o', (wrong, message) => {
    const options = { coder: makeEncoder('rans'), length: 2, lanes: 1, predict, ...wrong };
    expect(() => codeInLanes(options, [1, 2])).toThrow(new RangeError(`codeInLanes: ${message}`));
  });
});

const file = namesPath();
describe.skipIf(file === undefined)("the lecture's names (../shared/names.txt)", () => {
  const lines = (file === undefined ? '' : readFileSync(file, 'utf8'))
    .split('\n')
    .filter((name) => name !== '')
    .map((name) => Array.from(name, (c) => c.charCodeAt(0) - 96).concat(0));

  it('in whole names: within 0.1 % of the cross-entropy, from float32 logits', () => {
    const model = new NgramModel({ size: 27, order: 5 });
    for (const [i, line] of lines.entries()) if (i % 10 !== 9) model.observe(line);
    // Logits as a network's: the constant that softmax doesn't see is another for each context.
    const random = Generator.seeded(1);
    const logitsOf = (context: readonly number[]) => {
      const constant = random.nextDouble();
      return Float32Array.from(model.probabilities(context), (p) => Math.log(p) + constant);
    };
    const held = lines.filter((_, i) => i % 10 === 9);
    const message = held.flat();
    const bits = sequenceCrossEntropy(model, held, { unit: 'bits' }) * message.length;
    for (const coder of ['arithmetic', 'rans'] as const) {
      const encoder = makeEncoder(coder);
      codeInLanes(
        {
          coder: encoder,
          length: message.length,
          lanes: 1,
          separator: 0,
          predict: (contexts) =>
            contexts.map((context) => frequenciesFromLogits(logitsOf(context))),
        },
        message,
      );
      expectClose(8 * encoder.finish().length, bits, { relative: 1e-3 });
    }
  });
});
