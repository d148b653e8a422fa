import { BpeTokenizer, CharTokenizer, DataError } from '@llm101/data';
import { ExportError, exportHuggingFace, importGPT2 } from '@llm101/export';
import { GPT, stateDict } from '@llm101/models';
import { Generator } from '@llm101/random';
import { openModel, UserError } from '@llm101/runs';
import { JsonError, parseJson, SafetensorsError, writeSafetensors } from '@llm101/safetensors';
import { mutateSafetensors } from './files.mjs';
import { below, mutateText, pick } from './mutate.mjs';

const utf8 = new TextEncoder();

/** Folders of GPT-2: two lines of JSON, then the weights. @returns {import('./targets.mjs').Target} */
export function gpt2Target() {
  const folders = [
    folderOf(CharTokenizer.fromAlphabet('abc ', { unknown: 'token' })),
    folderOf(BpeTokenizer.fromText('the cat and the other cat', { vocabSize: 260 })),
  ];
  return {
    name: 'folder of GPT-2',
    input(random) {
      const { config, tokenizer, weights } = pick(random, folders);
      const changed = below(random, 3);
      return joined(
        changed === 0 ? mutateText(config, random) : config,
        changed === 1 ? mutateText(tokenizer, random) : tokenizer,
        changed === 2 ? mutateSafetensors(weights, random) : weights,
      );
    },
    read(input) {
      const [config, tokenizer, weights] = parted(input);
      const model = importGPT2({
        config: parseJson(config, { depth: 16, values: 2_000_000 }),
        tokenizer: parseJson(tokenizer, { depth: 16, values: 2_000_000 }),
        weights: [weights],
      });
      const metadata = {
        model: JSON.stringify(model.config),
        tokenizer: JSON.stringify(model.tokenizer),
      };
      openModel(writeSafetensors(model.tensors, metadata)).model.dispose();
    },
    refuses: [ExportError, DataError, SafetensorsError, JsonError, UserError],
  };
}

/** @param {import('@llm101/data').TextTokenizer} tokenizer */
function folderOf(tokenizer) {
  const { vocabSize } = tokenizer;
  const sizes = { vocabSize, contextSize: 2, channels: 4, heads: 2, layers: 1 };
  const model = new GPT(sizes, Generator.seeded(1));
  const config = /** @type {const} */ ({ type: 'gpt', ...sizes });
  const folder = exportHuggingFace({ config, tensors: stateDict(model), tokenizer });
  model.dispose();
  const weights = folder['model.safetensors'];
  if (typeof weights === 'string') throw new Error('folderOf: weights must be bytes');
  const line = (/** @type {string} */ name) => JSON.stringify(JSON.parse(String(folder[name])));
  return { config: line('config.json'), tokenizer: line('tokenizer.json'), weights };
}

/**
 * @param {string} config
 * @param {string} tokenizer
 * @param {Uint8Array} weights
 */
function joined(config, tokenizer, weights) {
  const head = utf8.encode(`${config}\n${tokenizer}\n`);
  const input = new Uint8Array(head.length + weights.length);
  input.set(head);
  input.set(weights, head.length);
  return input;
}

/**
 * @param {Uint8Array<ArrayBuffer>} input
 * @returns {[config: string, tokenizer: string, weights: Uint8Array<ArrayBuffer>]}
 */
function parted(input) {
  const first = input.indexOf(10);
  const second = input.indexOf(10, first + 1);
  const [config, tokenizer] = [input.subarray(0, first), input.subarray(first + 1, second)].map(
    (bytes) => new TextDecoder().decode(bytes),
  );
  return [config, tokenizer, input.slice(second + 1)];
}
