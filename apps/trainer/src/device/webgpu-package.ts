import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '@llm101/runs';

/** What the package `webgpu` exports, as far as it is used. */
interface WebgpuPackage {
  create(flags: readonly string[]): GPU;
}

/** Kept, as its native part ends with it. */
let found: GPU | undefined;

/**
 * The GPUs of this machine, by the package `webgpu`, which whoever installs llm101 installs beside it: it is native code, some 30 MB, and not
 * among the dependencies.
 *
 * @throws UserError saying how it is installed
 */
export async function findGpus(): Promise<GPU> {
  return (found ??= (await loadWebgpu(placesOfWebgpu())).create([]));
}

/**
 * Where the package is looked for: beside llm101. In the current folder only where a package manager runs llm101, as `npx` does from elsewhere
 * and runs what that folder has installed: otherwise a run that someone else made would bring code along.
 */
export function placesOfWebgpu(): string[] {
  const isRunByNpm = process.env['npm_config_user_agent'] !== undefined;
  return [import.meta.url, ...(isRunByNpm ? [join(process.cwd(), 'package.json')] : [])];
}

/**
 * Loads the package from the first place that has it.
 *
 * @param places - files or URLs of files, as `createRequire` takes them
 * @throws UserError as {@link findGpus}
 */
export async function loadWebgpu(places: readonly string[]): Promise<WebgpuPackage> {
  for (const from of places) {
    try {
      const path = createRequire(from).resolve('webgpu');
      return (await import(pathToFileURL(path).href)) as WebgpuPackage;
    } catch (cause) {
      if (isMissing(cause)) continue;
      const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
      throw new UserError(`the package webgpu can't be loaded: ${why}; run npm install webgpu`, {
        cause,
      });
    }
  }
  throw new UserError(
    "a GPU needs the package webgpu, which isn't installed here; run npm install webgpu where llm101 is installed, with -g if that is everywhere",
  );
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'MODULE_NOT_FOUND' &&
  error.message.includes("'webgpu'");
