import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadModel, type SavedModel } from '../../../run-folder/model-file.js';
import { runFolder } from '../../../run-folder/run-folder.js';

/** A trained model that a codec predicts with. */
export interface Network extends Pick<SavedModel, 'model' | 'tokenizer'> {
  /** Of its file. */
  readonly sha256: string;
  /** Bytes of its file. */
  readonly bytes: number;
}

/** @throws UserError when there is no whole model in the folder */
export function loadNetwork(runDir: string): Network {
  const { model: path } = runFolder(runDir);
  const { model, tokenizer } = loadModel(path);
  const file = readFileSync(path);
  const sha256 = createHash('sha256').update(file).digest('hex');
  return { model, tokenizer, sha256, bytes: file.length };
}
