// Each network in onnxruntime.
import { startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportOnnx } from '../src/index.js';
import { configs, modelOf, T, tokensOf, V } from './models.js';

env.wasm.numThreads = 1; // others spin while they wait
beforeAll(() => startBackend());

async function scores(file: Uint8Array, tokens: Int32Array, rows: number) {
  const session = await InferenceSession.create(file);
  const input = new Tensor('int64', BigInt64Array.from(tokens, BigInt), [
    rows,
    tokens.length / rows,
  ]);
  const { logits } = await session.run({ tokens: input });
  await session.release();
  return { shape: logits.dims, data: logits.data as Float32Array };
}

describe.each(Object.entries(configs))('%s', (_, config) => {
  it('has our scores in onnxruntime', async () => {
    const model = modelOf(config);
    const file = exportOnnx(model);
    const isWindow = config.type === 'mlp' || config.type === 'cnn';
    for (const [rows, length] of isWindow
      ? [[3, T]]
      : [
          [3, T],
          [1, 1],
          [2, 5],
        ]) {
      const tokens = tokensOf(rows, length);
      const { shape, data } = await scores(file, tokens, rows);
      expect(shape).toEqual(isWindow ? [rows, V] : [rows, length, V]);
      const expected = model.score(tokens, rows);
      expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.1);
      expectClose(data, expected, { absolute: 1e-5, relative: 1e-5 });
    }
  });
});

it('keeps config and tokenizer', () => {
  const model = modelOf(configs['gpt']);
  const file = new TextDecoder('latin1').decode(exportOnnx(model));
  expect(file).toContain('"type":"gpt"');
  expect(file).toContain('"type":"CharTokenizer"');
});

it('says what is missing, and which network it has no graph for', () => {
  const { 'lm_head.weight': _, ...tensors } = modelOf(configs['gpt, squared ReLU']).tensors;
  const model = { ...modelOf(configs['gpt, squared ReLU']), tensors };
  expect(() => exportOnnx(model)).toThrow(
    'the model must have a float32 tensor lm_head.weight; got none',
  );
  const config = { type: 'megabyte', vocabSize: 3 } as const;
  expect(() => exportOnnx({ ...model, config })).toThrow(
    'ONNX: a megabyte has no graph here yet; safetensors takes it',
  );
});
