import { string } from './layout.js';
import type { Settings } from '../settings/settings.js';
import { isPublic } from './text-names.js';

/** What a program may take from each package, in the order in which they are written. */
const NAMES: Readonly<Record<string, string>> = {
  '@llm101/data':
    'answersAfter BlockDataset BpeTokenizer BytesTokenizer CharTokenizer DataLoader encodeLines encodeText loadText loadWindows NextTokenDataset RandomLoader ' +
    'SequenceDataset SequenceLoader splitLines splitSequences splitText splitTextByLine splitWindows trainTestSplit',
  '@llm101/data/node': 'loadText textPieces',
  '@llm101/models': 'Bigram CNN GPT loadStateDict Megabyte MLP RecurrentNetwork sample WaveNet',
  '@llm101/random': 'Generator',
  '@llm101/runs': 'evaluationOf openTokenizer readModel sampleAnswers samplePrompt',
  '@llm101/training':
    'adam adamw averageWeights Compile constantRate cosineDecay decayMatrices evaluate everyPosition InfiniteLoader linearDecay muon ' +
    'muonGroups NextTokenCounts oneCycle scheduleFreeAdamW sgd stepDecay train warmUp',
  '@llm101/wasm': 'compile startBackend',
  'node:fs': 'readFileSync',
};

/** A program of some paragraphs, with the imports that they need. */
export function withImports(
  { data }: Settings,
  paragraphs: readonly (readonly string[])[],
): string {
  const body = paragraphs.map((lines) => `${lines.join('\n')}\n`).join('\n');
  const words = body
    .replaceAll(/'(?:\\.|[^'\\])*'|"[^"]*"|\/\/.*/g, '')
    .match(/(?<![.\w])\w+\b(?!:)/g);
  const used = new Set(words);
  const elsewhere = isPublic(data) ? '@llm101/data/node' : '@llm101/data';
  const imports = Object.entries(NAMES).flatMap(([from, all]) => {
    const names = all.split(' ').filter((name) => used.has(name));
    const own = from === elsewhere ? names.filter((name) => !LOADING.has(name)) : names;
    return own.length === 0 ? [] : [importCode(own, from)];
  });
  return `${imports.join('\n')}\n\n${body}`;
}

/** Names that both entries of `@llm101/data` have; Node's knows files too. */
const LOADING: ReadonlySet<string> = new Set(['loadText', 'textPieces']);

function importCode(names: readonly string[], from: string): string {
  const words = names.map((name) => (name === 'Compile' ? 'type Compile' : name));
  const end = `from ${string(from)};`;
  const line = `import { ${words.join(', ')} } ${end}`;
  if (line.length <= 100) return line;
  return `import {\n${words.map((word) => `  ${word},\n`).join('')}} ${end}`;
}
