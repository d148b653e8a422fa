import { describeText, NextTokenDataset } from '@llm101/data';
import { readConfigFile } from './config-file.js';
import type { SavedModel } from './model-file.js';
import type { Output } from '../terminal/output.js';
import { prepareData } from '../run/prepare-data.js';
import { resolveSettings } from '../settings/resolve-settings.js';
import type { RunFolder } from './run-folder.js';
import { UserError } from '../settings/user-error.js';

/** What {@link validationOf} needs besides. */
export interface ValidationOptions {
  readonly output: Output;
  /** What to do when run and model don't fit. */
  readonly remedy: string;
}

/**
 * The validation names of a run, as its config.json says, in the windows and tokens of its model.
 *
 * @throws UserError when the two aren't of one run
 */
export async function validationOf(
  { path, config }: RunFolder,
  { type, model, tokenizer }: SavedModel,
  { output, remedy }: ValidationOptions,
) {
  const file = { path: config, settings: readConfigFile(config, remedy) };
  const settings = resolveSettings({ flags: {}, file });
  const check = (what: string, says: string | number, has: string | number): void => {
    if (says === has) return;
    throw new UserError(
      `${path}: config.json and model.safetensors must be of one run; ${what} is ${says} in the one and ${has} in the other; ${remedy}`,
    );
  };
  check('model', settings.model, type);
  // A WaveNet looks back as far as its layers reach, whatever the setting.
  if (type !== 'wavenet') check('contextSize', settings.contextSize, model.contextSize);
  if (settings.alphabet !== 'auto') check('alphabet', settings.alphabet, tokenizer.alphabet);

  const data = await prepareData(settings, { output });
  check('alphabet', data.tokenizer.alphabet, tokenizer.alphabet);
  const valSet = new NextTokenDataset(data.val, tokenizer, model.contextSize);
  const count = data.val.length.toLocaleString('en-US');
  const described = `${describeText(data.loaded)}; the ${count} of the validation`;
  return { data, valSet, name: data.loaded.name, described };
}
