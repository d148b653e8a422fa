import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const packages = fileURLToPath(new URL('../../../packages', import.meta.url));

const COMMENT = /(?:^|\s)(?:\/\*[\s\S]*?\*\/|\/\/.*$)/gm;
const IMPORT = /(?:from\s*|import\s*\(\s*|import\s+)'([^']+)'/g;
const NODE_GLOBAL = /\b(?:process|Buffer)\b\s*[.([]/;

/** What an entry reaches. */
export interface ModuleGraph {
  /** Source files by absolute path, those of other packages of this repository too. */
  readonly files: ReadonlySet<string>;
  /** Every module that these files name, but for files: `@llm101/random`, `zod`, `node:fs`. */
  readonly modules: ReadonlySet<string>;
}

/**
 * The files that an entry imports, directly or over others, types included.
 *
 * @param entry - the absolute path of a source file
 */
export function moduleGraph(entry: string): ModuleGraph {
  const files = new Set([entry]);
  const modules = new Set<string>();
  for (const file of files) {
    for (const [, specifier] of codeOf(file).matchAll(IMPORT)) {
      if (!specifier.startsWith('.')) modules.add(specifier);
      const target = sourceOf(file, specifier);
      if (target !== undefined) files.add(target);
    }
  }
  return { files, modules };
}

/**
 * Expects that an entry reaches no module of Node, no `commander`, and no file that uses `process` or `Buffer`. Follows
 * imports of this repository's packages into their sources.
 *
 * @param entry - the absolute path of a source file
 */
export function expectBrowserSafe(entry: string): void {
  const { files, modules } = moduleGraph(entry);
  expect([...modules].filter((name) => isBuiltin(name) || name === 'commander')).toEqual([]);
  expect([...files].filter((file) => NODE_GLOBAL.test(codeOf(file)))).toEqual([]);
}

function codeOf(file: string): string {
  return readFileSync(file, 'utf8').replaceAll(COMMENT, '');
}

/** The source that an import means; `undefined` for a module from outside and for what is only there once it is built. */
function sourceOf(file: string, specifier: string): string | undefined {
  const [, name, subpath = ''] = /^@llm101\/([^/]+)(\/.*)?$/.exec(specifier) ?? [];
  if (!specifier.startsWith('.') && name === undefined) return undefined;
  const path =
    name === undefined ? join(dirname(file), specifier) : exportedSource(name, `.${subpath}`);
  const source = path.replace(/\.js$/, '.ts');
  return existsSync(source) ? source : undefined;
}

function exportedSource(name: string, subpath: string): string {
  const folder = join(packages, name);
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: Record<string, { '@llm101/source': string }>;
  };
  return join(folder, exports[subpath]['@llm101/source']);
}
