import { flagsOf, initialSettings, type Run, UserError } from '@llm101/runs';
import type { RunRequests } from '../../../run-requests.js';
import type { Answer } from '../handler.js';

/** The run's weights as they are, and settings for another that begins with them: the same, until someone changes them. */
export function branch(
  { name }: RunRequests['branch']['input'],
  run: Run | undefined,
): Answer<RunRequests['branch']['output']> {
  if (run === undefined) throw new UserError('the run has no weights yet; wait until it begins');
  const { settings } = run;
  const own = initialSettings(settings);
  const given = new Set([...Object.keys(own), 'initFrom', 'tokenizerFile', 'growVocabulary']);
  const flags = Object.entries(flagsOf({ ...settings, preset: undefined })).filter(
    ([key]) => !given.has(key),
  );
  const { modelStep: step } = run.outcome;
  const initial = { name: `${name} at step ${step}`, file: run.save(), settings: own };
  return { output: { step, flags: Object.fromEntries(flags), initial } };
}
