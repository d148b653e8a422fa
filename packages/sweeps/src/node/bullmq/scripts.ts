import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { bufferOf } from './buffer-of.js';

// What is changed together in Redis, and only by whoever holds a trial, is a script: Redis runs one at a time.
//
// The hash of a job has: job (the message), state (files of its run so far), holder (a token of whoever took it last), tries (how often it was
// taken since it last got further), progress, result and files (once it is done). Nobody but its holder can change anything of it. A token
// rather than a count: a Redis that has crashed may have forgotten the last count, and give it twice.

/** A script, and its hash. */
export interface Script {
  readonly lua: string;
  readonly sha1: string;
}

const script = (lua: string): Script => ({
  lua,
  sha1: createHash('sha1').update(lua).digest('hex'),
});

/** Puts a job's hash where there is none. ARGV: seconds, job, state (may be empty). Returns 2 where it has a result already, 1 where it is new. */
export const OFFER = script(`
if redis.call('HEXISTS', KEYS[1], 'result') == 1 then return 2 end
if redis.call('HEXISTS', KEYS[1], 'job') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'job', ARGV[2], 'tries', 0)
if #ARGV[3] > 0 then redis.call('HSET', KEYS[1], 'state', ARGV[3]) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1`);

/**
 * Takes a job. ARGV: seconds, most bytes of a job, of a state, a token. Returns nothing where there is none, or it is done, else how often it was
 * taken without getting further, the job, the state (empty where there is none) and whether something was too long.
 */
export const TAKE = script(`
if redis.call('HEXISTS', KEYS[1], 'job') == 0 then return false end
if redis.call('HEXISTS', KEYS[1], 'result') == 1 then return false end
redis.call('HSET', KEYS[1], 'holder', ARGV[4])
local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
redis.call('EXPIRE', KEYS[1], ARGV[1])
if redis.call('HSTRLEN', KEYS[1], 'job') > tonumber(ARGV[2]) or redis.call('HSTRLEN', KEYS[1], 'state') > tonumber(ARGV[3]) then
  return {tries, '', '', 1}
end
return {tries, redis.call('HGET', KEYS[1], 'job'), redis.call('HGET', KEYS[1], 'state') or '', 0}`);

/** Keeps how far a job is. ARGV: seconds, token, progress, state (empty: as it is). Returns 0 where the job is another's. */
export const SAVE = script(`
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[2] or redis.call('HEXISTS', KEYS[1], 'result') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'progress', ARGV[3])
if #ARGV[4] > 0 then redis.call('HSET', KEYS[1], 'state', ARGV[4], 'tries', 0) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1`);

/** A job that is given back wasn't tried in vain. ARGV: token. */
export const RELEASE = script(`
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return 0 end
redis.call('HINCRBY', KEYS[1], 'tries', -1)
return 1`);

/** Ends a job, once. KEYS: its hash, the notices. ARGV: seconds, token, result, files, the job's name. Returns 0 where the job is another's. */
export const FINISH = script(`
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[2] then return 0 end
if redis.call('HEXISTS', KEYS[1], 'result') == 1 then return 1 end
redis.call('HSET', KEYS[1], 'result', ARGV[3], 'files', ARGV[4])
redis.call('HDEL', KEYS[1], 'state')
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('XADD', KEYS[2], '*', 'job', ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[1])
return 1`);

/** What came of a job. ARGV: most bytes of a result, of files. Returns nothing where it isn't done, else result, files and whether something was too long. */
export const COLLECT = script(`
if redis.call('HEXISTS', KEYS[1], 'result') == 0 then return false end
if redis.call('HSTRLEN', KEYS[1], 'result') > tonumber(ARGV[1]) or redis.call('HSTRLEN', KEYS[1], 'files') > tonumber(ARGV[2]) then
  return {'', '', 1}
end
return {redis.call('HGET', KEYS[1], 'result'), redis.call('HGET', KEYS[1], 'files'), 0}`);

/** How jobs are. KEYS: for each its hash, and BullMQ's. Returns for each 1 where it is done, 2 where it isn't and isn't queued either, else 0, and its progress. */
export const LOOK = script(`
local found = {}
for i = 1, #KEYS, 2 do
  local how = 0
  if redis.call('HEXISTS', KEYS[i], 'result') == 1 then how = 1
  elseif redis.call('EXISTS', KEYS[i + 1]) == 0 or redis.call('HEXISTS', KEYS[i], 'job') == 0 then how = 2 end
  table.insert(found, how)
  local progress = ''
  if redis.call('HSTRLEN', KEYS[i], 'progress') <= 1000 then progress = redis.call('HGET', KEYS[i], 'progress') or '' end
  table.insert(found, progress)
end
return found`);

/** Deletes notices where there are none left. */
export const TIDY = script(`
if redis.call('XLEN', KEYS[1]) == 0 then return redis.call('DEL', KEYS[1]) end
return 0`);

/** Keeps a text, for a sweep. KEYS: the text, the set of sweeps that need it. ARGV: seconds, the sweep. Returns 0 where it isn't there. */
export const HOLD_TEXT = script(`
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[1])
return redis.call('EXPIRE', KEYS[1], ARGV[1])`);

/** Deletes a text that no other sweep needs. KEYS: as above. ARGV: the sweep. */
export const LET_TEXT = script(`
redis.call('SREM', KEYS[2], ARGV[1])
if redis.call('SCARD', KEYS[2]) > 0 then return 0 end
return redis.call('DEL', KEYS[1])`);

/**
 * Lets what is left of a queue end, where nothing waits in it. KEYS: four that have what waits, and the others. ARGV: seconds. A worker that has just ended
 * the last job still writes there: what it writes ends with the rest, and is made anew where it is needed.
 */
export const LET_QUEUE = script(`
for i = 1, 4 do
  if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end
end
for i = 5, #KEYS do redis.call('EXPIRE', KEYS[i], ARGV[1]) end
return 1`);

/** What scripts are given. */
type Argument = string | number | Uint8Array;

/** Runs a script; its texts come as bytes. */
export async function run(
  client: Redis,
  { lua, sha1 }: Script,
  keys: readonly string[],
  args: readonly Argument[],
): Promise<unknown> {
  const bytes = args.map((arg) => (arg instanceof Uint8Array ? bufferOf(arg) : arg));
  const rest = [keys.length, ...keys, ...bytes];
  try {
    return await client.callBuffer('EVALSHA', sha1, ...rest); // bounded: keys of 200 jobs
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.callBuffer('EVAL', lua, ...rest); // bounded: as above
  }
}
