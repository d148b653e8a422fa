import { flagOf, settingKeys, UsageError } from '@llm101/runs';
import { parseNumber } from '../../terminal/options.js';

/** What a flag may say of a setting that is varied. */
const FORM =
  "be as in --vary lr=0.1,0.01, --vary dropout=0..0.5, --vary lr=log:0.001..1 or --vary 'heads=2,4 if model=gpt'";

/**
 * The space of some `--vary`: `lr=0.1,0.01` is a list, `dropout=0..0.5` a range, `lr=log:0.001..1` one that is even in logarithms; `if` says for
 * which values of others, `model=gpt,megabyte`. What the settings may be is checked with the sweep.
 *
 * @throws UsageError when one isn't of that form, or two are of the same setting
 */
export function spaceOf(written: readonly string[]): Readonly<Record<string, object>> {
  const space: Record<string, object> = {};
  for (const flag of written) {
    const [values, condition, ...rest] = flag.split(/\s+if\s+/);
    const [name, value] = assignment(values, flag);
    if (rest.length > 0) throw new UsageError(`--vary must ${FORM}; got ${JSON.stringify(flag)}`);
    if (Object.hasOwn(space, name)) {
      throw new UsageError(
        `--vary must name each setting once; got ${name} twice; list its values`,
      );
    }
    space[name] = {
      ...dimensionOf(value),
      ...(condition !== undefined && { when: conditionOf(condition, flag) }),
    };
  }
  return space;
}

function dimensionOf(value: string): object {
  const range = /^(log:)?([^.,/][^,/]*?)\.\.([^,/]+)$/.exec(value);
  if (range === null) return { choice: value.split(',').map(valueOf) };
  const [, log, low, high] = range;
  const limits = [valueOf(low), valueOf(high)];
  return log === undefined ? { uniform: limits } : { logUniform: limits };
}

/** `model=gpt,megabyte and optimizer=adamw` */
function conditionOf(written: string, flag: string): object {
  return Object.fromEntries(
    written.split(/\s+and\s+/).map((part) => {
      const [name, value] = assignment(part, flag);
      const values = value.split(',').map(valueOf);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

function assignment(written: string, flag: string): [name: string, value: string] {
  const [, name, value] = /^\s*([^=\s]+)=(.+?)\s*$/.exec(written) ?? [];
  if (value === undefined) throw new UsageError(`--vary must ${FORM}; got ${JSON.stringify(flag)}`);
  return [keyOf(name), value];
}

/** Settings are written as flags, `d-hidden`, or as in a file, `dHidden`. */
const keyOf = (written: string): string =>
  settingKeys.find((key) => flagOf(key) === `--${written.replace(/^--/, '')}`) ?? written;

const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

const valueOf = (written: string): string | number | boolean =>
  SWITCHES.get(written) ?? parseNumber(written);
