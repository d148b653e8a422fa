/** The run that `llm101 play` serves beside the page: what comes is checked, as another server may answer with anything. */
import type { GivenFile } from '../run-requests.js';
import { loadRoomStrings, t } from '../strings/index.js';
import { asProblem } from '../state/client.js';
import { given } from '../state/given.js';
import { takeFiles } from './take-files.js';

/** Files that a list may have. */
const MOST_FILES = 1000;

/** What `llm101 play` says of its run. */
interface ServedList {
  readonly name: string;
  readonly files: readonly string[];
}

/** Opens the run that is served beside the page. */
export async function openServed(served: string): Promise<void> {
  await loadRoomStrings();
  try {
    const base = new URL(served, globalThis.location.href);
    const { name, files } = await readList(base);
    const read = files.map(async (path): Promise<GivenFile> => {
      const url = new URL(path.split('/').map(encodeURIComponent).join('/'), base);
      return { path: `${name}/${path}`, file: await (await fetched(url)).blob() };
    });
    await takeFiles(await Promise.all(read));
  } catch (error) {
    given.value = { kind: 'problem', message: t.given.notServed(asProblem(error).message) };
  }
}

/** @throws Error saying what came instead of a list */
async function readList(base: URL): Promise<ServedList> {
  const text = await (await fetched(base)).text();
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw new Error(t.given.noList(base.pathname, t.given.noJson));
  }
  if (!isList(list)) throw new Error(t.given.noList(base.pathname, t.given.otherJson));
  return list;
}

/** A name, and paths that stay within the run's folder. */
function isList(list: unknown): list is ServedList {
  if (typeof list !== 'object' || list === null || !('name' in list && 'files' in list))
    return false;
  const { name, files } = list;
  return (
    typeof name === 'string' &&
    Array.isArray(files) &&
    files.length <= MOST_FILES &&
    files.every((path) => typeof path === 'string' && !/^$|(^|\/)\.{0,2}(\/|$)/.test(path))
  );
}

/** @throws Error where there is no such file, or a page of the server in its place */
async function fetched(url: URL): Promise<Response> {
  const response = await fetch(url);
  const { ok, status, statusText, headers } = response;
  if (!ok) throw new Error(t.given.noFile(url.pathname, `${status} ${statusText}`.trim()));
  const isPage = headers.get('content-type')?.startsWith('text/html') === true;
  if (isPage && !url.pathname.endsWith('.html')) {
    throw new Error(t.given.noFile(url.pathname, t.given.aPage));
  }
  return response;
}
