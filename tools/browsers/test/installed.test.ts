import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { findOrInstall, pathOf } from '../src/installed.js';

/** A machine whose only commands are these. */
function machine(commands: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'llm101-browsers-'));
  vi.stubEnv('PATH', folder);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });
  for (const [name, script] of Object.entries(commands)) put(join(folder, name), script);
  return folder;
}

function put(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

it('takes the browser that is there, by Debian’s name first', () => {
  const folder = machine({ firefox: '', 'firefox-esr': '', 'google-chrome': '' });
  expect(findOrInstall('firefox')).toBe(join(folder, 'firefox-esr'));
  expect(pathOf('chromium')).toBe(join(folder, 'google-chrome'));
});

it('installs the one that is missing, by apt-get', () => {
  const install = '[ "$1" = update ] || { echo > "${0%/*}/$4"; /bin/chmod +x "${0%/*}/$4"; }';
  const commands = { 'apt-get': install, flock: 'shift; exec "$@"' };
  const folder = machine({ ...commands, sudo: 'shift; exec "$@"' });
  expect(findOrInstall('firefox')).toBe(join(folder, 'firefox-esr'));
  expect(findOrInstall('chromium')).toBe(join(folder, 'chromium'));
});

it('says what to install where it can’t', () => {
  const sentence = /^chromium must be installed: on Debian by apt-get install chromium, as root/;
  machine({});
  expect(() => findOrInstall('chromium')).toThrow(sentence);
  machine({ 'apt-get': 'exit 100', flock: 'shift; exec "$@"', sudo: 'exit 1' });
  expect(() => findOrInstall('chromium')).toThrow(sentence);
});
