// Loaded before a command (node --import): ends its process by SIGKILL within the n-th call that changes a file, n being
// KILL_AT_WRITE. A call that writes has then written half of what it was given. With 0 the process lives, and says at its
// end on stderr how many such calls there were.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const killAt = Number(process.env['KILL_AT_WRITE']);
let calls = 0;

/** Those whose second argument is the content. */
const writing = new Set(['writeFileSync', 'appendFileSync', 'writeSync', 'write']);
const { openSync, writeSync } = fs;

/** Calls that change a file, or open one for that. */
const changing = new Set([
  ...writing,
  'openSync',
  'renameSync',
  'rmSync',
  'unlink',
  'mkdirSync',
  'ftruncateSync',
  'fsync',
  'fsyncSync',
]);

for (const name of changing) {
  const original = Reflect.get(fs, name);
  const replaced = (/** @type {unknown[]} */ ...args) => {
    // what only reads, and what goes to the terminal, isn't counted
    const isFile = !(typeof args[0] === 'number' && args[0] < 3);
    const changes = name !== 'openSync' || (typeof args[1] === 'string' && args[1] !== 'r');
    if (isFile && changes && ++calls === killAt) {
      if (writing.has(name)) writeHalf(args[0], args[1]);
      process.kill(process.pid, 'SIGKILL');
      for (;;); // nothing more happens
    }
    return original.apply(fs, args); // bounded: the arguments of one call
  };
  Reflect.set(fs, name, Object.assign(replaced, original));
}
syncBuiltinESMExports();

/**
 * @param {unknown} target - a path or an open file
 * @param {unknown} content
 */
function writeHalf(target, content) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  if (!(bytes instanceof Uint8Array)) return;
  const file = typeof target === 'number' ? target : openSync(String(target), 'w');
  writeSync(file, bytes.subarray(0, bytes.length >> 1));
}

if (killAt === 0 && isMainThread)
  process.on('exit', () => writeSync(2, `${calls} calls change files\n`));
