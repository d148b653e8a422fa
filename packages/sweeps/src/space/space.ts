import {
  isNumeric,
  type RawSettings,
  type SettingKey,
  settingKeys,
  settingsSchema,
  suggestSetting,
  wholeNumbers,
} from '@llm101/runs';
import { z } from 'zod';

/** A value that a setting may have. */
export type SettingValue = string | number | boolean;

/** Values of settings, by their names. */
export type Point = Readonly<Record<string, SettingValue>>;

/** Settings, given or drawn, that a dimension depends on: each with a value, or with one of several. */
export type When = Readonly<Record<string, SettingValue | readonly SettingValue[]>>;

/** What one setting may be: a value of a list, or a number between two limits, drawn evenly or evenly in its logarithm. */
export type Dimension = {
  /** Where it isn't so, the setting isn't varied. Default: everywhere. */
  readonly when?: When | undefined;
} & (
  | { readonly choice: readonly SettingValue[] }
  | { readonly uniform: readonly [number, number] }
  | { readonly logUniform: readonly [number, number] }
);

/** Settings and what each may be. One whose `when` names another comes after it. */
export type Space = Readonly<Record<string, Dimension>>;

const value = z.union([z.string(), z.number(), z.boolean()], {
  error: 'a text, a number, true or false',
});
const when = z
  .record(
    z.string(),
    z.union([value, z.array(value).min(1, { error: 'a value or a list of some' })], {
      error: 'a value or a list',
    }),
    {
      error: 'an object such as {"model": "gpt"}',
    },
  )
  .optional();
const limits = z.tuple([z.number(), z.number()], { error: 'two numbers, the smaller first' });
const list = z
  .array(value, { error: 'a list of values' })
  .min(1, { error: 'a list with a value or more' })
  .max(10_000, { error: 'a list of at most 10,000 values' });

const dimension = z.union(
  [
    z.strictObject({ choice: list, when }),
    z.strictObject({ uniform: limits, when }),
    z.strictObject({ logUniform: limits, when }),
  ],
  { error: 'one of {"choice": […]}, {"uniform": [a, b]} and {"logUniform": [a, b]}' },
);

/** The rule of a {@link Space}, settings and their values among it. */
export const spaceSchema = z
  .record(z.string(), dimension, { error: 'an object of settings' })
  .superRefine((space, context) => {
    const names = Object.keys(space);
    for (const [at, name] of names.entries()) {
      const problem =
        problemOfName(name) ??
        problemOfValues(name, space[name]) ??
        problemOfWhen(space[name], names.slice(at));
      if (problem === undefined) continue;
      context.addIssue({ code: 'custom', path: [name], message: problem });
    }
  });

const isKey = (name: string): name is SettingKey => settingKeys.some((key) => key === name);

function problemOfName(name: string): string | undefined {
  if (isKey(name) && name !== 'preset') return undefined;
  const likely = suggestSetting(name, settingKeys);
  return `the name of a setting${likely === undefined || likely === name ? '' : `; did you mean ${likely}?`}`;
}

/** What a setting can't be. */
function problemOfValues(name: string, dimension: Dimension): string | undefined {
  if (!isKey(name)) return undefined;
  const rule = settingsSchema.shape[name];
  const refused = (values: readonly SettingValue[]): string | undefined => {
    for (const own of values) {
      const parsed = rule.safeParse(own);
      if (!parsed.success) return `values that are each ${parsed.error.issues[0].message}`;
    }
    return undefined;
  };
  if ('choice' in dimension) {
    const { choice } = dimension;
    if (new Set(choice).size < choice.length) return 'a list without repetitions';
    return refused(choice);
  }
  if (!isNumeric(name)) return 'a choice, as the setting is no number';
  const [low, high] = rangeOf(dimension);
  if (!(low < high)) return 'a range whose first limit is the smaller';
  if ('logUniform' in dimension && low <= 0) return 'a range above 0, as it is logarithmic';
  return refused([low, high]);
}

/** Why no trial would be so. */
function problemOfWanted(name: string, wanted: readonly SettingValue[]): string | undefined {
  const rule = isKey(name) ? settingsSchema.shape[name] : undefined;
  for (const value of wanted) {
    const parsed = rule?.safeParse(value);
    if (parsed?.success === false)
      return `${parsed.error.issues[0].message}, not ${JSON.stringify(value)}`;
  }
  return undefined;
}

/** What a condition can't be about. */
function problemOfWhen(
  { when: own = {} }: Dimension,
  later: readonly string[],
): string | undefined {
  for (const [name, wanted] of Object.entries(own)) {
    const problem = problemOfName(name) ?? problemOfWanted(name, [wanted].flat());
    if (problem !== undefined) return `varied "when" ${name}, and ${name} is to be ${problem}`;
    if (later.includes(name)) return `after ${name}, as its "when" is about it`;
  }
  return undefined;
}

/** The limits of a dimension that has some. */
export function rangeOf(
  dimension: Exclude<Dimension, { readonly choice: unknown }>,
): readonly [number, number] {
  return 'uniform' in dimension ? dimension.uniform : dimension.logUniform;
}

/** Whether numbers of a dimension are whole. */
export const isWhole = (name: string): boolean => isKey(name) && wholeNumbers(name);

const isList = (
  wanted: SettingValue | readonly SettingValue[],
): wanted is readonly SettingValue[] => Array.isArray(wanted);

/**
 * Whether a setting is varied here.
 *
 * @param point - what is drawn so far
 * @param settings - what isn't varied, defaults among it
 */
export function isActive(
  { when: own = {} }: Dimension,
  point: Point,
  settings: RawSettings,
): boolean {
  return Object.entries(own).every(([name, wanted]) => {
    const is = Object.hasOwn(point, name) ? point[name] : settings[name];
    return (isList(wanted) ? wanted : [wanted]).some((own) => own === is);
  });
}
