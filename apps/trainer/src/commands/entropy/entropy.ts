import { bitsFromNats } from '@llm101/info-theory';
import { NextTokenDataset } from '@llm101/data';
import type { SplitSettings } from '@llm101/runs';
import { NextTokenCounts } from '@llm101/training';
import { compilePlain } from '../../run-folder/model-file.js';
import type { Output } from '../../terminal/output.js';
import { evaluateWithProgress } from '../../terminal/evaluation.js';
import { type HeldOut, loadHeldOut } from '../../run-folder/data.js';
import { describeEntropies, drawEntropies, measureEntropies } from './entropies.js';

/** What is measured. */
export interface EntropySettings extends SplitSettings {
  /** Characters of the longest n-gram. */
  readonly order: number;
  readonly unit: 'bits' | 'nats';
}

/** What {@link entropyCommand} needs besides settings. */
export interface EntropyCommandOptions {
  /** The folder of a run. */
  readonly model?: string | undefined;
  readonly output: Output;
}

/** `llm101 entropy`: a text's entropy by order, and the cross-entropy of n-grams and of a network on held-out lines. */
export async function entropyCommand(
  { order, unit, ...split }: EntropySettings,
  { model, output }: EntropyCommandOptions,
): Promise<void> {
  const heldOut = await loadHeldOut(split, { model, output });
  const lossNats = await lossOf(heldOut, output);
  const progress = output.progress('counting n-grams');
  const entropies = measureEntropies(heldOut.data, { order, unit, onProgress: progress.update });
  progress.end();
  const { network } = heldOut;
  const figure: [string, number] | undefined =
    network === undefined || lossNats === undefined
      ? undefined
      : [network.config.type, unit === 'bits' ? bitsFromNats(lossNats) : lossNats];
  const options = { unit, ...(figure && { network: figure }) };
  output.answer(
    [...describeEntropies(entropies, options), '', ...drawEntropies(entropies, options)],
    {
      data: heldOut.data.loaded.name,
      unit,
      heldOut: {
        lines: heldOut.data.val.lines.length,
        characters: heldOut.data.val.tokens.positions,
      },
      ...entropies,
      ...(network &&
        figure && { model: { runDir: model, type: network.config.type, crossEntropy: figure[1] } }),
    },
  );
}

/** The network's cross-entropy on the held-out lines, in nats. */
async function lossOf(
  { data: { val }, network }: HeldOut,
  output: Output,
): Promise<number | undefined> {
  if (network === undefined) return undefined;
  const { model, tokenizer } = network;
  const windows = new NextTokenDataset(val.tokens, tokenizer, model.contextSize);
  const counts = new NextTokenCounts(windows, tokenizer.vocabSize);
  const { loss } = await evaluateWithProgress(model, counts, {
    output,
    compile: compilePlain,
  });
  return loss;
}
