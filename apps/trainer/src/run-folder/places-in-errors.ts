import { fileSettings, type FileSetting } from '@llm101/sweeps/bullmq';
import type { Settings } from '@llm101/runs';

/** What a trial's run has on one machine. */
export interface TrialPlaces {
  /** The run's folder. */
  readonly run: string;
  readonly settings: Partial<Pick<Settings, FileSetting>>;
}

const RUN = '{run}';

/** Characters of an error that is kept. */
const MOST_CHARACTERS = 2000;

/** An error of a run without paths of the machine it was on: what the run has at home, too, is `{run}`, `{data}` and so on. @param folder - the machine's own, of which nothing is anywhere else */
export function withoutPlaces(
  error: string,
  { run, settings }: TrialPlaces,
  folder: string,
): string {
  const named = fileSettings.flatMap((key) => {
    const path = settings[key];
    return path === undefined || !/[/\\]/.test(path) || path.startsWith('https:')
      ? []
      : [[path, `{${key}}`]];
  });
  return [[run, RUN], ...named, [`${folder}/`, ''], [`${folder}\\`, ''], [folder, '.']].reduce(
    (text, [path, name]) => text.replaceAll(path, name),
    error,
  );
}

/** The same, with the paths of this machine. */
export function withPlaces(error: string, { run, settings }: TrialPlaces): string {
  const paths: Readonly<Record<string, string | undefined>> = { run, ...settings };
  return error
    .replaceAll(/\{(run|data|initFrom|tokenizerFile)\}/g, (name, key: string) => paths[key] ?? name)
    .slice(0, MOST_CHARACTERS);
}
