import { totalmem } from 'node:os';
import { availableCores, costOfRun, type Settings } from '@llm101/runs';
import { settingsOfTrial, type Sweep, SweepPlan } from '@llm101/sweeps';

/** Trials that are looked at for the most memory that one takes. */
const MOST_TRIALS = 100;
/** Of a process with nothing in it yet, in bytes. */
const PROCESS_BYTES = 150e6;
/** Of the machine's memory, what trials may take together. */
const SHARE = 0.8;
/** Tokens of characters, before the text is read. */
const CHARACTERS = 256;

/** Trials that run at a time where nothing is said: one a core, as far as they fit into memory together. */
export function concurrencyOf(sweep: Sweep): number {
  const bytes = knownSettings(sweep).map(
    (settings) => costOfRun(settings, vocabularyOf(settings)).bytes,
  );
  const most = bytes.reduce((a, b) => Math.max(a, b), 0) + PROCESS_BYTES;
  return Math.max(1, Math.min(availableCores(), Math.floor((SHARE * totalmem()) / most)));
}

const vocabularyOf = ({ tokenizer, vocabSize }: Settings): number =>
  tokenizer === 'bpe' ? vocabSize : CHARACTERS;

/** The settings of the trials that are known before any has a result. */
function knownSettings(sweep: Sweep): Settings[] {
  const plan = new SweepPlan(sweep);
  const known: Settings[] = [];
  for (let i = 0; i < MOST_TRIALS; i++) {
    const job = plan.next();
    if (job === undefined) break;
    const settings = settingsIfRight(sweep, plan, job.trial);
    if (settings !== undefined) known.push(settings);
  }
  return known;
}

function settingsIfRight(sweep: Sweep, plan: SweepPlan, trial: number): Settings | undefined {
  try {
    return settingsOfTrial(sweep, { point: plan.trials[trial].point });
  } catch {
    return undefined; // it fails, which is said where it runs
  }
}
