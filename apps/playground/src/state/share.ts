/** How a run goes to others, and on to another run. */
import type { Flags } from '../protocol.js';
import { formatAddress } from './address.js';
import type { Fingerprint } from '../happenings.js';
import { basis, flags, text } from './next-run.js';
import { room } from './place.js';
import type { PageRun } from './run.js';

/**
 * The address by which others train the same run, with the weights that it has come to, where they are known.
 *
 * @returns nothing where an address can't hold what it began with
 */
export function sharedAddress(run: PageRun): string | undefined {
  if (run.basis !== undefined) return undefined;
  const facts = run.facts.value;
  const expected = fingerprintOf(run);
  const hash = formatAddress({
    flags: flagsOf(run),
    ...(run.text !== undefined &&
      facts !== undefined && { text: { sha256: facts.text.sha256, name: run.text.name } }),
    room: 'train',
    ...(expected !== undefined && { expected }),
    hidden: [],
  });
  return `${globalThis.location.href.split('#', 1)[0]}${hash}`;
}

/** Whether the address says what the weights are. */
export const isFingerprintShared = (run: PageRun): boolean => fingerprintOf(run) !== undefined;

/** Cores choose the shards where the settings leave them open, and shards decide how sums round: others have other cores. */
function flagsOf({ flags: own, facts }: PageRun): Flags {
  const { workers: _, device: __, ...settings } = own;
  const { shards } = facts.value?.settings ?? {};
  return shards === undefined || shards === 1 ? settings : { ...settings, shards };
}

/** The weights that anybody has at that step: those of an end that someone chose may be averaged, or the best, and those of a GPU are its own. */
function fingerprintOf({ state, facts, fingerprint }: PageRun): Fingerprint | undefined {
  const { averageWeights = 0, patience = 0, device = 'wasm' } = facts.value?.settings ?? {};
  const isOwn =
    device !== 'wasm' || (state.value === 'stopped' && (averageWeights > 0 || patience > 0));
  const found = fingerprint.value;
  if (found === undefined || found.step === 0 || isOwn) return undefined;
  return { step: found.step, sha256: found.sha256.slice(0, SHARED_DIGITS) };
}

/** Digits of a fingerprint in an address: enough that no other weights have them. */
const SHARED_DIGITS = 16;

/** Makes a run's weights and settings those that the next run begins with; it is started where settings are chosen. */
export async function beginBranch(run: PageRun): Promise<void> {
  const { initial, flags: own } = await run.ask('branch', { name: run.name.value });
  flags.value = own;
  text.value = run.text;
  basis.value = { initial };
  room.value = 'train';
}
