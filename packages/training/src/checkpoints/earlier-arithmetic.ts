import { isCount, isRecord } from '../checks.js';
import { CheckpointError, type Json } from '../state/checkpoint.js';

/** Steps of a run that rounded otherwise than those after them. */
export interface EarlierArithmetic {
  /** As their compiler said. */
  readonly arithmetic: string;
  /** Steps done when the run went on otherwise. */
  readonly until: number;
}

/** Under this name the settings of a loop say how its steps rounded before, where otherwise. */
const EARLIER = 'earlierArithmetic';

/** The settings of a loop, and how its steps rounded. */
interface Parted {
  readonly arithmetic: string | undefined;
  readonly earlier: readonly EarlierArithmetic[];
  readonly others: Json;
}

/** What becomes of the settings of a loop that is resumed. */
export interface ContinuedLoop {
  /** As they are to be saved. */
  readonly loop: Json;
  readonly earlier: readonly EarlierArithmetic[];
}

/**
 * The settings of a loop that goes on with other arithmetic, where it may.
 *
 * @param saved - its settings when it was saved
 * @param now - those that it resumes with
 * @param step - steps done
 * @throws CheckpointError when how it rounded before isn't as it was saved
 */
export function continueLoop(saved: Json, now: Json, step: number): ContinuedLoop {
  const [before, after] = [parted(saved), parted(now)];
  const { arithmetic } = before;
  const last = before.earlier.at(-1)?.until ?? 0;
  const hasChanged = arithmetic !== undefined && arithmetic !== after.arithmetic && step > last;
  const earlier = hasChanged ? [...before.earlier, { arithmetic, until: step }] : before.earlier;
  if (earlier.length === 0) return { loop: now, earlier };
  const listed = earlier.map(({ arithmetic: how, until }) => ({ arithmetic: how, until }));
  return { loop: { ...Object(now), [EARLIER]: listed }, earlier };
}

/**
 * Settings of a loop to compare: but for how it rounded before, which doesn't decide how it goes on.
 *
 * @param isFree - whether it may go on with other arithmetic
 */
export function comparedLoop(loop: Json, isFree: boolean): Json {
  const { arithmetic, others } = parted(loop);
  return isFree || arithmetic === undefined ? others : { ...Object(others), arithmetic };
}

function parted(loop: Json): Parted {
  if (!isRecord(loop)) return { arithmetic: undefined, earlier: [], others: loop };
  const { arithmetic, [EARLIER]: earlier = [], ...others } = loop;
  return {
    arithmetic: typeof arithmetic === 'string' ? arithmetic : undefined,
    earlier: parsed(earlier),
    others,
  };
}

function parsed(earlier: unknown): readonly EarlierArithmetic[] {
  const entries: EarlierArithmetic[] = [];
  for (const entry of Array.isArray(earlier) ? (earlier as unknown[]) : [earlier]) {
    const { arithmetic, until } = isRecord(entry) ? entry : {};
    const least = entries.at(-1)?.until ?? 0;
    if (typeof arithmetic !== 'string' || !isCount(until) || until <= least) {
      throw new CheckpointError("how it rounded before isn't a list of steps");
    }
    entries.push({ arithmetic, until });
  }
  return entries;
}
