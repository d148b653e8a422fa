import { readSafetensors, type SafetensorsFile } from '@llm101/safetensors';
import { parseObject } from './parse-lines.js';
import type { Embedding, ModelData } from './run-data.js';

/**
 * What a report shows of model.safetensors.
 *
 * @throws SafetensorsError when it isn't such a file
 */
export function parseModel(bytes: Uint8Array): ModelData {
  const file = readSafetensors(bytes);
  let parameterCount = 0;
  for (const { data } of Object.values(file.tensors)) parameterCount += data.length;
  return { parameterCount, embedding: embeddingOf(file) };
}

function embeddingOf({ tensors, metadata }: SafetensorsFile): Embedding | undefined {
  const weight = tensors['embedding.weight'];
  const { padding, alphabet } = parseObject(metadata['tokenizer'] ?? '') ?? {};
  if (weight?.dtype !== 'F32' || weight.shape.length !== 2) return undefined;
  if (typeof padding !== 'string' || typeof alphabet !== 'string') return undefined;
  const [V, C] = weight.shape;
  const named = [padding, ...Array.from(alphabet)]; // a token a code point
  return {
    symbols: Array.from({ length: V }, (_, v) => named[v] ?? '?'), // the one after all is the unknown
    vectors: Array.from({ length: V }, (_, v) => [...weight.data.subarray(v * C, (v + 1) * C)]),
  };
}
