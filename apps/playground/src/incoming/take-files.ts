/** Files that someone drops or picks, told by their bytes. Nothing of what is open is lost by them. */
import { whole } from '../format.js';
import type { GivenFile, GivenFiles, GivenRun } from '../run-requests.js';
import { loadRoomStrings, t } from '../strings/index.js';
import { asProblem } from '../state/client.js';
import { given } from '../state/given.js';
import { missingText } from '../state/missing-text.js';
import { basis, flags, text } from '../state/next-run.js';
import { room } from '../state/place.js';
import { bringRun, chooseText } from '../state/runs.js';
import { askSpare } from '../state/spare.js';

/** Files of a folder that are looked at; with more it is no folder of a run. */
const MOST_FILES = 1000;

/** Takes files that someone gave the page: a text, or a run. What they are is told by their bytes. */
export async function takeFiles(files: readonly GivenFile[]): Promise<void> {
  await loadRoomStrings();
  if (files.length > MOST_FILES) {
    given.value = { kind: 'problem', message: t.given.tooMany(files.length) };
    return;
  }
  given.value = { kind: 'reading', message: t.given.reading };
  try {
    const found = await askSpare('give', { files });
    given.value = takeFound(found, files);
  } catch (error) {
    given.value = { kind: 'problem', message: asProblem(error).message };
  }
}

function takeFound(found: GivenFiles, files: readonly GivenFile[]): typeof given.value {
  if (found.kind === 'run') return takeRun(found);
  if (found.kind === 'model') {
    basis.value = found.basis;
    flags.value = found.flags;
    text.value = undefined;
    room.value = 'train';
    return { kind: 'done', message: t.given.model(found.name) };
  }
  const own = { name: found.name, file: files[0].file };
  const { value: missing } = missingText;
  if (missing === undefined) {
    chooseText(own);
    return undefined;
  }
  if (missing.sha256 !== found.sha256) {
    return { kind: 'problem', message: t.text.other(missing.name, missing.sha256) };
  }
  missingText.value = undefined;
  missing.start(own);
  return undefined;
}

function takeRun(run: GivenRun): typeof given.value {
  const { missing, step, warnings } = run;
  if (missing !== undefined) {
    const start = (own: NonNullable<GivenRun['text']>): void => {
      bringRun({ ...run, text: { ...own, name: missing.name } });
    };
    missingText.value = { ...missing, start };
    return undefined;
  }
  bringRun(run);
  return { kind: 'done', message: [t.given.run(run.name, whole(step)), ...warnings].join(' ') };
}
