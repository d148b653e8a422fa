import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const GROUPS = ['packages', 'apps', 'examples', 'tools'];
const SETTINGS =
  /^(package(-lock)?|nx|tsconfig(\.base)?|\.oxlintrc|\.prettierrc)\.json$|^(LICENSE|\.prettierignore|vitest\.config\.ts)$/;
const MADE = new Set(['dist', 'node_modules', 'coverage', '.nx']);

/**
 * A copy of this repository in a new folder. Its modules are links: those of the repository into the copy, the others
 * to where they are installed.
 *
 * @param built - whether what was built is copied too
 */
export function copyWorkspace({ built = false } = {}): string {
  const copy = mkdtempSync(join(tmpdir(), 'workspace-'));
  for (const name of readdirSync(root).filter((file) => SETTINGS.test(file))) {
    cpSync(join(root, name), join(copy, name));
  }
  for (const group of GROUPS) {
    cpSync(join(root, group), join(copy, group), {
      recursive: true,
      filter: (path) => !MADE.has(basename(path)) || (built && basename(path) === 'dist'),
    });
  }
  const modules = join(copy, 'node_modules');
  mkdirSync(modules);
  const scopes = ['@llm101', '@examples', '@tools'];
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!scopes.includes(name)) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const scope of scopes) mkdirSync(join(modules, scope));
  for (const group of GROUPS) {
    for (const name of readdirSync(join(copy, group))) {
      const scope = group === 'tools' || group === 'examples' ? `@${group}` : '@llm101';
      symlinkSync(join(copy, group, name), join(modules, scope, name));
    }
  }
  return copy;
}
