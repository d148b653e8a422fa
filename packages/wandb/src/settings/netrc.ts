import { homedir } from 'node:os';
import { join } from 'node:path';
import { readTextWithin } from '../spool/files.js';

/** A file of keys has a line for each server. */
const MOST_BYTES = 1_000_000;

/**
 * The password that a netrc file has for a host, under which `wandb login` keeps the key: of the entry `machine HOST`. An
 * entry `default` isn't used, as it would give a key to any server.
 *
 * Source: netrc(5), and Python's `netrc`.
 *
 * @param text - of the file
 * @returns `undefined` where there is none
 */
export function netrcPassword(text: string, host: string): string | undefined {
  const words = wordsOf(text);
  let isThis = false;
  for (let i = 0; i < words.length; i++) {
    switch (words[i]) {
      case 'machine':
        isThis = words[++i] === host;
        break;
      case 'default':
        isThis = false;
        break;
      case 'login':
      case 'account':
        i++;
        break;
      case 'password':
        if (isThis) return words[i + 1];
        i++;
        break;
      default: // what no netrc has
    }
  }
  return undefined;
}

/** Words, some of them in quotes; without comments, and without macros, which end with an empty line. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let isMacro = false;
  for (const line of text.split(/\r?\n/)) {
    if (isMacro && line.trim() !== '') continue;
    isMacro = /^\s*macdef\s/.test(line);
    if (isMacro || line.trimStart().startsWith('#')) continue;
    for (const [, quoted, plain] of line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)) {
      words.push(quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, '$1'));
    }
  }
  return words;
}

/** The key in the user's netrc file: `NETRC`, else `~/.netrc`, on Windows `~/_netrc`. A file that can't be read counts as none. */
export function keyInNetrc(host: string): string | undefined {
  try {
    const path =
      process.env['NETRC'] || join(homedir(), process.platform === 'win32' ? '_netrc' : '.netrc');
    const key = netrcPassword(readTextWithin(path, MOST_BYTES), host);
    return key === '' ? undefined : key;
  } catch {
    return undefined;
  }
}
