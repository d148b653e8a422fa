import { dataSets, dataSetOf } from '@llm101/data';
import { flagsOf, type OpenedRunFolder, readModel, type Settings } from '@llm101/runs';
import type { Evaluation } from '@llm101/training';
import type { OwnText } from '../../../protocol.js';
import type { GivenFiles, RunHistory } from '../../../run-requests.js';

/** A run of files as the page starts it. */
export async function givenRun(
  name: string,
  opened: Omit<OpenedRunFolder, 'settings'> & { readonly settings?: Settings | undefined },
): Promise<GivenFiles> {
  const { settings, checkpoint, tokenizer, initial, logs, warnings } = opened;
  if (settings === undefined) throw new RangeError('givenRun: there must be settings; got none');
  const text = textOf(settings, opened.text);
  const { initFrom } = settings;
  const { initFrom: _, data, ...flags } = flagsOf({ ...settings, data: text.set ?? settings.data });
  const basis =
    tokenizer === undefined && initial === undefined
      ? undefined
      : {
          ...(initial && { initial: { name: initFrom ?? 'a model', file: initial.file } }),
          ...(tokenizer && { tokenizer: JSON.stringify(tokenizer) }),
        };
  return {
    kind: 'run',
    name,
    flags: { ...flags, ...(text.set !== undefined && data !== undefined && { data }) },
    step: checkpoint?.step ?? 0,
    basis,
    brought: { checkpoint: checkpoint?.bytes, logs },
    text: text.own,
    missing: text.missing,
    history: historyOf(logs),
    warnings: [...warnings, ...withoutCheckpoint(opened)],
  };
}

/** A trained model is no place to go on from: what the optimizer knew isn't in it. */
function withoutCheckpoint({
  checkpoint,
  model,
}: Pick<OpenedRunFolder, 'checkpoint' | 'model'>): string[] {
  if (checkpoint !== undefined || model === undefined || readModel(model).step === 0) return [];
  return [
    'There is no checkpoint that it could go on from, so it begins at step 0; give its model.safetensors alone, and another run begins with those weights.',
  ];
}

/** Where the run's text is: a data set, wherever it lay; among the files; or it has to be given. */
function textOf(
  { data, dataSha256 }: Settings,
  bytes: Uint8Array<ArrayBuffer> | undefined,
): {
  readonly set?: string;
  readonly own?: OwnText;
  readonly missing?: { readonly name: string; readonly sha256: string };
} {
  const name = data.split(/[\\/]/).at(-1) ?? data;
  if (bytes !== undefined) return { own: { name, file: new Blob([bytes]) } };
  if (dataSetOf(data) !== undefined) return { set: data };
  const same = [...dataSets].find(([, set]) => 'sha256' in set && set.sha256 === dataSha256);
  if (same !== undefined) return { set: same[0] };
  return { missing: { name, sha256: dataSha256 ?? '' } };
}

/** What the logs say, as far as they are whole lines. */
function historyOf({ metrics, samples }: OpenedRunFolder['logs']): RunHistory {
  const rows = rowsOf(metrics);
  const trainLoss = rows.map((row) => row['trainLoss']).findLast((one) => typeof one === 'number');
  return {
    validations: rows.flatMap(({ step, valLoss, valAnswerAccuracy }) =>
      typeof valLoss === 'number'
        ? [{ step, evaluation: evaluationOf(valLoss, valAnswerAccuracy) }]
        : [],
    ),
    samples: rowsOf(samples).flatMap(({ step, texts }) =>
      Array.isArray(texts) ? [{ step, texts: texts.map(String) }] : [],
    ),
    trainLoss: trainLoss ?? NaN,
  };
}

/** The loss alone is logged; what follows from it is there, and what doesn't is NaN. */
const evaluationOf = (loss: number, answerAccuracy: unknown): Evaluation => ({
  loss,
  examples: NaN,
  accuracy: NaN,
  perplexity: Math.exp(loss),
  bitsPerToken: loss / Math.LN2,
  ...(typeof answerAccuracy === 'number' && { answerAccuracy }),
});

function rowsOf(log: string): (Readonly<Record<string, unknown>> & { readonly step: number })[] {
  return log.split('\n').flatMap((line) => {
    try {
      const row = JSON.parse(line) as unknown;
      if (typeof row !== 'object' || row === null || !('step' in row)) return [];
      return typeof row.step === 'number' ? [{ ...row, step: row.step }] : [];
    } catch {
      return []; // half a line, as where a run was killed
    }
  });
}
