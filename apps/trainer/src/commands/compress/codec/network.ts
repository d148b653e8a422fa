import { createHash } from 'node:crypto';
import type { SavedModel } from '@llm101/runs';
import { openModelOfRun } from '../../../run-folder/model-file.js';

/** A trained model that a codec predicts with. */
export interface Network extends Pick<SavedModel, 'model' | 'tokenizer'> {
  /** SHA-256 of its file. */
  readonly sha256: string;
  /** Size of its file. */
  readonly bytes: number;
}

/** @throws UserError when there is no whole model in the folder */
export async function loadNetwork(runDir: string): Promise<Network> {
  const { model, tokenizer, file } = await openModelOfRun(runDir);
  const sha256 = createHash('sha256').update(file).digest('hex');
  return { model, tokenizer, sha256, bytes: file.length };
}
