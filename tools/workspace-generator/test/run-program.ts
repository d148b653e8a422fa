import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';

/** Runs programs of a copied workspace in one of its folders; what they say, after checking that they succeeded. */
export function programsOf(copy: string) {
  return (folder: string, program: string, ...args: string[]): string => {
    // Nx and vitest pass their children the repository that they run in.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(NX_|VITEST|NODE_ENV|npm_)/.test(name)),
    );
    const path = program === 'node' ? process.execPath : join(copy, 'node_modules/.bin', program);
    const { status, stdout, stderr } = spawnSync(path, args, {
      cwd: folder,
      env: { ...env, NX_DAEMON: 'false', NO_COLOR: '1' },
      encoding: 'utf8',
    });
    const output = `${stdout}${stderr}`;
    expect(status, output).toBe(0);
    return output;
  };
}
