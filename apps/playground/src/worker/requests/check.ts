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
import { initialOf, withText } from '../flags.js';
import type { Answer } from './handler.js';

/** Settings as the command would take them: what it refuses, or what they make, and the form that shows them. */
export function check({ vocabSize, text, initial, ...input }: CheckInput): Answer<CheckOutput> {
  const initFrom = initial && { initFrom: initial.name };
  const flags = { ...withText(input.flags, text), ...initFrom };
  const sources = { flags, ...initialOf(initial) };
  const { problems, settings: lenient } = resolveLeniently(sources);
  const fields = settingKeys
    .filter((key) => isRead(key, lenient))
    .map((key) => settingForm(key, lenient));
  const unknown = Object.keys(flags).filter((key) => !settingKeys.some((known) => known === key));
  if (problems.length > 0) return { output: { problems, unknown, fields } };
  return { output: { problems, unknown, fields, made: made(resolveSettings(sources), vocabSize) } };
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
