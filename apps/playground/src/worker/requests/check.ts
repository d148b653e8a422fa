import {
  commandOf,
  costOfRun,
  isRead,
  resolveLeniently,
  resolveSettings,
  settingForm,
  settingKeys,
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
  const settings = resolveSettings(sources);
  const { parameters, bytes, problems: tooMuch } = costOfRun(settings, vocabSize);
  if (tooMuch.length > 0) return { output: { problems: tooMuch, unknown, fields } };
  const made = { settings, parameters, bytes, command: commandOf(settings) };
  return { output: { problems, unknown, fields, made } };
}
