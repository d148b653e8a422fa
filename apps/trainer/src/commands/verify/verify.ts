import { train, type TrainingListener } from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { startBackend } from '@llm101/wasm';
import { compareLosses } from './compare-losses.js';
import { readConfigFile } from '../../run-folder/config-file.js';
import { hashSettings, readFingerprint } from '../../run-folder/fingerprint.js';
import { makeRun } from '../../run/make-run.js';
import type { Output } from '../../terminal/output.js';
import { prepareData } from '../../run/prepare-data.js';
import { runFolder } from '../../run-folder/run-folder.js';
import type { StopSignal } from '../../terminal/stop-signal.js';
import { settingsOfRun } from '../../run-folder/settings-of-run.js';
import { UserError } from '../../settings/user-error.js';
import { describeVersions } from '../../versions.js';

/** What `llm101 verify` needs besides the folder. */
export interface VerifyCommandOptions {
  readonly output: Output;
  /** Tells of signals. */
  readonly stop: StopSignal;
}

/**
 * `llm101 verify`: makes the first steps of a run again, and says whether this machine gives the recorded losses.
 *
 * @returns the exit status: 0 when it does
 * @throws UserError when settings or data aren't those that were recorded
 * @throws Stopped when a signal has come
 */
export async function verifyCommand(
  runDir: string,
  { output, stop }: VerifyCommandOptions,
): Promise<number> {
  const { config, fingerprint: path } = runFolder(runDir);
  const settings = settingsOfRun(runDir, {});
  const recorded = readFingerprint(path);
  if (hashSettings(readConfigFile(config)) !== recorded.settingsSha256) {
    throw new UserError(
      `${config} isn't as it was when the losses were recorded; take it from a copy`,
    );
  }
  const { description } = await startBackend();
  output.print(description);
  const { signal } = stop;
  const { dataSha256 } = recorded;
  const data = await prepareData({ ...settings, dataSha256 }, { output, signal });
  const { trained, optimizer, schedule, batches, way } = makeRun(settings, data);

  const losses: number[] = [];
  const record: TrainingListener = (event) => {
    if (event.type === 'step') losses.push(event.batchLoss);
  };
  const maxSteps = recorded.losses.length;
  await train({
    model: trained,
    optimizer,
    schedule,
    batches,
    maxSteps,
    listeners: output.showsProgress ? [record, progressBar()] : [record],
    ...way,
    signal,
  });
  await stop.check('stopped; nothing is verified');
  const { isSame, lines } = compareLosses(recorded.losses, losses);
  const versions = isSame ? [] : describeVersions(config);
  output.answer([...lines, ...versions], { runDir, isSame, recorded: recorded.losses, losses });
  return isSame ? 0 : 1;
}
