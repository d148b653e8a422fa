import { bitsFromNats } from '@llm101/info-theory';
import type { SplitSettings } from '@llm101/runs';
import { type HeldOutOptions, loadHeldOut } from '../../run-folder/data.js';
import { evaluateSaved } from '../../run-folder/model-file.js';
import { describeEntropies, drawEntropies, measureEntropies } from './entropies.js';

/** What is measured. */
export interface EntropySettings extends SplitSettings {
  /** Characters of the longest n-gram. */
  readonly order: number;
  readonly unit: 'bits' | 'nats';
}

/** `llm101 entropy`: a text's entropy by order, and the cross-entropy of n-grams and of a network on held-out lines. */
export async function entropyCommand(
  { order, unit, ...split }: EntropySettings,
  { model, data: text, config, workers, output }: HeldOutOptions,
): Promise<void> {
  const { data, network } = await loadHeldOut(split, { model, data: text, config, output });
  const evaluation = network && (await evaluateSaved(network, data.val, { workers, output }));
  const progress = output.progress('counting n-grams');
  const entropies = measureEntropies(data, { order, unit, onProgress: progress.update });
  progress.end();
  const figure: [string, number] | undefined = network &&
    evaluation && [
      network.config.type,
      unit === 'bits' ? bitsFromNats(evaluation.loss) : evaluation.loss,
    ];
  const options = { unit, ...(figure && { network: figure }) };
  output.answer(
    [...describeEntropies(entropies, options), '', ...drawEntropies(entropies, options)],
    {
      data: data.loaded.name,
      unit,
      heldOut:
        data.examples === 'lines'
          ? { lines: data.val.tokens.length, characters: data.val.tokens.positions }
          : { characters: data.val.tokens.length },
      ...entropies,
      ...(network &&
        figure && { model: { runDir: model, type: network.config.type, crossEntropy: figure[1] } }),
    },
  );
}
