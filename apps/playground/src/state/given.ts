/** What comes in: files that someone drops or picks, and a run that `llm101 play` serves. Nothing of what is open is lost by it. */
import { signal } from '@preact/signals';
import { whole } from '../format.js';
import type { GivenFile, GivenFiles, GivenRun } from '../run-requests.js';
import { t } from '../strings/index.js';
import { asProblem } from './client.js';
import { missingText } from './missing-text.js';
import { basis, flags, text } from './next-run.js';
import { opened, room } from './place.js';
import { bringRun, chooseText } from './runs.js';
import { askSpare } from './spare.js';

/** What became of the files that came last: a sentence, or that they are being read. */
export const given = signal<
  { readonly kind: 'reading' | 'done' | 'problem'; readonly message: string } | undefined
>(undefined);

/** Files of a folder that are looked at; with more it is no folder of a run. */
const MOST_FILES = 1000;

/** Takes files that someone gave the page: a text, or a run. What they are is told by their bytes. */
export async function takeFiles(files: readonly GivenFile[]): Promise<void> {
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

/** Opens the run that `llm101 play` serves beside the page, where the address says so. */
export async function openServed(): Promise<void> {
  if (opened.served === undefined) return;
  try {
    const base = new URL(opened.served, globalThis.location.href);
    const { name, files } = (await (await served(base)).json()) as ServedList;
    const read = files.map(async (path): Promise<GivenFile> => {
      const url = new URL(path.split('/').map(encodeURIComponent).join('/'), base);
      return { path: `${name}/${path}`, file: await (await served(url)).blob() };
    });
    await takeFiles(await Promise.all(read));
  } catch (error) {
    given.value = { kind: 'problem', message: t.given.notServed(asProblem(error).message) };
  }
}

/** What `llm101 play` says of its run. */
interface ServedList {
  readonly name: string;
  readonly files: readonly string[];
}

async function served(url: URL): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status} ${response.statusText}`);
  return response;
}
