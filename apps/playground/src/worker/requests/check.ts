import {
  bytesOfStep,
  commandOf,
  isRead,
  modelConfigOf,
  parameterCount,
  resolveLeniently,
  resolveSettings,
  settingForm,
  settingKeys,
  type Settings,
} from '@llm101/runs';
import type { CheckInput, CheckOutput } from '../../protocol.js';
import { withText } from '../flags.js';
import type { Answer } from './handler.js';

/** Settings as the command would take them: what it refuses, or what they make, and the form that shows them. */
export function check({ vocabSize, text, ...input }: CheckInput): Answer<CheckOutput> {
  const flags = withText(input.flags, text);
  const { problems, settings: lenient } = resolveLeniently({ flags });
  const fields = settingKeys
    .filter((key) => isRead(key, lenient))
    .map((key) => settingForm(key, lenient));
  if (problems.length > 0) return { output: { problems, fields } };
  return { output: { problems, fields, made: made(resolveSettings({ flags }), vocabSize) } };
}

function made(settings: Settings, vocabSize: number): NonNullable<CheckOutput['made']> {
  const config = modelConfigOf(settings, vocabSize);
  return {
    settings,
    parameters: parameterCount(config),
    bytesOfStep: bytesOfStep({ config, rows: settings.batchSize }),
    command: commandOf(settings),
  };
}
