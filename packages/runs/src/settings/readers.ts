import { modelKinds } from '../models/index.js';
import { optimizerKinds } from '../optimizers.js';
import { scheduleKinds } from '../schedules.js';
import { tokenizerKinds } from '../tokenizers.js';

type Kinds = Readonly<Record<string, { readonly reads: object }>>;

/** A setting that names a kind. */
type KindSetting = 'tokenizer' | 'model' | 'optimizer' | 'schedule';

/** The kinds that it may name. */
const KINDS: Readonly<Record<KindSetting, Kinds>> = {
  tokenizer: tokenizerKinds,
  model: modelKinds,
  optimizer: optimizerKinds,
  schedule: scheduleKinds,
};

/** Who reads a setting that not all kinds read. */
export interface Readers {
  /** The setting that names the kind. */
  readonly by: KindSetting;
  /** The kinds that read it. */
  readonly names: readonly string[];
}

/** Who reads each of the settings that only some kinds read. */
export const readers: ReadonlyMap<string, Readers> = new Map(
  Object.entries<Kinds>(KINDS).flatMap(([by, kinds]) => {
    const settings = new Set(Object.values(kinds).flatMap(({ reads }) => Object.keys(reads)));
    return [...settings].flatMap((key) => {
      const names = Object.keys(kinds).filter((name) => key in kinds[name].reads);
      const isForAll = names.length === Object.keys(kinds).length;
      return isForAll ? [] : [[key, { by: by as KindSetting, names }] as const];
    });
  }),
);

/** Whether the kinds that some settings name read a setting. */
export function isRead(key: string, settings: Readonly<Record<string, unknown>>): boolean {
  const read = readers.get(key);
  const chosen = read && settings[read.by];
  return read === undefined || typeof chosen !== 'string' || read.names.includes(chosen);
}
