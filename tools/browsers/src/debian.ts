import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Installs a package of Debian's by apt-get, as root or by sudo, where these are; apt-get says what goes wrong. */
export function installPackage(name: string): void {
  const [apt, flock] = ['apt-get', 'flock'].map(findCommand);
  const isRoot = process.getuid?.() === 0;
  const sudo = isRoot ? undefined : findCommand('sudo');
  if (apt === undefined || flock === undefined || (!isRoot && sudo === undefined)) return;
  // Two that install at once would refuse each other.
  const locked = [flock, join(tmpdir(), 'llm101-apt-get.lock'), apt];
  const [program, ...before] = sudo === undefined ? locked : [sudo, '--non-interactive', ...locked];
  const aptGet = (...args: string[]): Buffer =>
    execFileSync(program, [...before, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  process.stderr.write(`installs ${name} by apt-get\n`);
  try {
    aptGet('update', '--quiet');
    aptGet('install', '--yes', '--no-install-recommends', name);
  } catch {
    // apt-get has said why
  }
}

/** Where a command is. @returns its path; undefined where it isn't in PATH */
export function findCommand(command: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
