import { type Files, openRunFolder, readModel, UserError } from '@llm101/runs';
import { decodeCheckpoint, describeError } from '@llm101/training';
import type { GivenFile, GivenFiles, RunRequests } from '../../../run-requests.js';
import type { Answer } from '../handler.js';
import { givenModel } from './given-model.js';
import { givenRun } from './given-run.js';
import { type Kind, kindOf, sha256Of } from './kind-of.js';

/** Bytes that are read at most; a text may be longer, and is read in pieces. */
const MOST_BYTES = 2 ** 30;

/** Tells what files are, by their bytes; nothing of the page's runs changes. */
export async function give({ files }: RunRequests['give']['input']): Promise<Answer<GivenFiles>> {
  const kinds = await Promise.all(files.map(({ file }) => kindOf(file)));
  const texts = files.filter((_, i) => kinds[i] === 'text');
  if (kinds.every((kind) => kind === 'text') && texts.length === 1) {
    const [{ path, file }] = texts;
    return { output: { kind: 'text', name: path, sha256: await sha256Of(file) } };
  }
  if (!kinds.some((kind) => OF_RUN.has(kind))) throw new UserError(refusal(files, kinds));
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  if (total > MOST_BYTES) {
    throw new UserError(
      'the files of a run may have 1 GiB together; take its checkpoint or its model alone',
    );
  }
  const found = await filesOf(files, kinds);
  const opened = openRunFolder(found);
  const name = nameOf(files, found);
  if (opened.settings === undefined) return { output: givenModel(name, opened.model) };
  return { output: await givenRun(name, opened) };
}

/** What makes files a run; its tokenizer and logs alone don't. */
const OF_RUN: ReadonlySet<Kind> = new Set<Kind>(['zip', 'tensors', 'config']);

function refusal(files: readonly GivenFile[], kinds: readonly Kind[]): string {
  if (files.length === 1 && kinds[0] === 'tokenizer') {
    return `${files[0].path} is a tokenizer, and no text; give it with the run's folder, or train with llm101 train --tokenizer-file and give that run`;
  }
  const what = 'a text, or a run: its folder, a zip of that, its checkpoint or model.safetensors';
  if (files.length === 0) return `there must be ${what}; got no file`;
  if (files.length === 1) return `${files[0].path} must be ${what}; it is none of these`;
  return `there must be one text, or a run; got ${files.length} files that aren't of a run; choose one`;
}

/** All files by their paths, those of archives too; a checkpoint and a model have the names that they have in a run. */
async function filesOf(files: readonly GivenFile[], kinds: readonly Kind[]): Promise<Files> {
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [i, { path, file }] of files.entries()) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (kinds[i] === 'zip') {
      const { unpack } = await import('./archive.js');
      for (const [inside, content] of unpack(path, bytes)) found.set(inside, content);
    } else if (files.length === 1 && kinds[i] === 'tensors') {
      found.set(nameOfTensors(path, bytes), bytes);
    } else if (files.length === 1) found.set('config.json', bytes);
    else found.set(path, bytes);
  }
  return found;
}

/** What a file of tensors is called in a run folder: browsers rename what is downloaded twice. */
function nameOfTensors(path: string, bytes: Uint8Array<ArrayBuffer>): string {
  const attempts = [
    () => `step-${String(decodeCheckpoint(bytes).step).padStart(8, '0')}.safetensors`,
    () => (readModel(bytes), 'model.safetensors'),
  ];
  const reasons: string[] = [];
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch (error) {
      reasons.push(describeError(error));
    }
  }
  throw new UserError(
    `${path} must be a checkpoint or a model of llm101; as a checkpoint ${reasons[0]}; as a model ${reasons[1]}`,
  );
}

/** A name for the run: of its folder, else of the file. */
function nameOf(files: readonly GivenFile[], found: Files): string {
  const config = [...found.keys()].find((path) => /(^|\/)config\.json$/.test(path)) ?? '';
  const folder = config.split('/').at(-2);
  const [{ path }] = files;
  const file = path.split('/')[0].replace(/\.(zip|safetensors|json)$/, '');
  return folder ?? file;
}
