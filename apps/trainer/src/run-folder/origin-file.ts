import type { EndReason, TrainingListener } from '@llm101/training';
import { writeFileWholeSync } from '@llm101/training/node';
import { readJson } from '../terminal/json-file.js';
import type { Origin } from './origin.js';

/** A stretch of a run: from its start, or from where it was resumed, to where it ended. */
interface Session extends Origin {
  /** Steps done before. */
  readonly fromStep: number;
  /** As `startedAt`; missing where it was killed. */
  readonly endedAt?: string;
  /** From the first step's start to the last one's end, in milliseconds. */
  readonly durationMs?: number;
  /** Steps done at the end. */
  readonly step?: number;
  readonly reason?: EndReason;
}

/** The layout of the file. */
const VERSION = 1;

/** What a file may have; of a run that was resumed more often, the first session and the latest ones are kept. */
const MOST = { bytes: 16_000_000, depth: 8, values: 200_000, sessions: 200 } as const;

/**
 * A listener that writes where a run comes from, `origin.json`: a session for its start, and one more for each time that it is resumed.
 *
 * @param isResumed - whether what stands there is kept
 * @throws Error when the file can't be written
 */
export function originFile(path: string, origin: Origin, isResumed: boolean): TrainingListener {
  const earlier = isResumed ? readSessions(path) : [];
  const startedMs = performance.now();
  const write = (session: Session): void => {
    const latest = [...earlier.slice(1), session].slice(1 - MOST.sessions);
    const sessions = earlier.length === 0 ? [session] : [earlier[0], ...latest];
    writeFileWholeSync(path, `${JSON.stringify({ version: VERSION, sessions }, undefined, 2)}\n`);
  };
  let fromStep = 0;
  return (event) => {
    if (event.type === 'start') {
      fromStep = event.step;
      write({ ...origin, fromStep });
    } else if (event.type === 'end') {
      const { step, reason } = event;
      const durationMs = Math.round(performance.now() - startedMs);
      const endedAt = new Date().toISOString();
      write({ ...origin, fromStep, endedAt, durationMs, step, reason });
    }
  };
}

/** What an earlier session left; nothing where it can't be read, as the run is the same without. */
function readSessions(path: string): readonly unknown[] {
  try {
    const file = Object(readJson(path, MOST)) as { readonly sessions?: unknown };
    return Array.isArray(file.sessions) ? file.sessions : [];
  } catch {
    return [];
  }
}
