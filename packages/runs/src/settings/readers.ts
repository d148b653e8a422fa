import type { ExamplesName } from '../text/examples-name.js';
import { modelKinds } from '../models/index.js';
import { optimizerKinds } from '../optimizers.js';
import { scheduleKinds } from '../schedules.js';
import { tokenizerKinds, tokenizerNames } from '../text/tokenizers.js';

type Kinds = Readonly<Record<string, { readonly reads: object }>>;

/** What a text can be cut into, and the settings that only one of them reads. */
const examplesKinds = {
  lines: { reads: { distinct: true, reshuffle: true, answerAfter: true } },
  blocks: { reads: { split: true, order: true } },
} satisfies Readonly<Record<ExamplesName, { readonly reads: object }>>;

/** A setting that names a kind. */
type KindSetting = 'examples' | 'tokenizer' | 'model' | 'optimizer' | 'schedule';

/** The kinds that it may name. */
const KINDS: Readonly<Record<KindSetting, Kinds>> = {
  examples: examplesKinds,
  tokenizer: tokenizerKinds,
  model: modelKinds,
  optimizer: optimizerKinds,
  schedule: scheduleKinds,
};

/** Who reads a setting that not all kinds read. */
export interface Readers {
  /** The setting that names the kind. */
  readonly by: KindSetting;
  /** The kinds that read it, and under which examples, where not under both. */
  readonly kinds: ReadonlyMap<string, true | ExamplesName>;
}

/** Who reads each of the settings that only some kinds read. */
export const readers: ReadonlyMap<string, Readers> = new Map(
  Object.entries<Kinds>(KINDS).flatMap(([by, kinds]) => {
    const settings = new Set(Object.values(kinds).flatMap(({ reads }) => Object.keys(reads)));
    return [...settings].flatMap((key) => {
      const found = Object.entries(kinds).flatMap(([name, { reads }]) => {
        const own = reads as Readonly<Record<string, true | ExamplesName>>;
        return key in own ? [[name, own[key]] as const] : [];
      });
      const isForAll =
        found.length === Object.keys(kinds).length && found.every(([, when]) => when === true);
      return isForAll ? [] : [[key, { by: by as KindSetting, kinds: new Map(found) }] as const];
    });
  }),
);

/** The kinds that read a setting, in words: `mlp, wavenet with blocks`. */
export function namesOfReaders({ kinds }: Readers): string {
  return Array.from(kinds, ([name, when]) => (when === true ? name : `${name} with ${when}`)).join(
    ', ',
  );
}

/** Whether the kinds that some settings name read a setting. */
export function isRead(key: string, settings: Readonly<Record<string, unknown>>): boolean {
  const read = readers.get(key);
  // the tokenizer is the only kind that may be left out
  const initial = read?.by === 'tokenizer' ? tokenizerNames[0] : undefined;
  const chosen = read && (settings[read.by] ?? initial);
  if (read === undefined || typeof chosen !== 'string') return true;
  const when = read.kinds.get(chosen);
  const { examples = 'lines' } = settings; // a run of 0.1.0 has no such setting
  return when === true || when === examples;
}
