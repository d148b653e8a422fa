import { parseToyTask } from '@llm101/data';
import { z } from 'zod';

/** The values that a rule allows, as data. */
export type AllowedValues =
  | { readonly kind: 'switch' }
  | NumberValues
  | { readonly kind: 'choice' | 'several'; readonly names: readonly string[] }
  | { readonly kind: 'text' };

/** Numbers in a range; a limit that isn't there isn't set. */
export interface NumberValues {
  readonly kind: 'number';
  /** Whether it must be whole. */
  readonly whole: boolean;
  /** The smallest that is allowed. */
  readonly least?: number;
  /** It must be larger than this. */
  readonly above?: number;
  /** The largest that is allowed. */
  readonly most?: number;
  /** It must be smaller than this. */
  readonly below?: number;
  /** What may stand instead of a number: the word `auto`, or a share such as `5%`. */
  readonly or?: 'auto' | 'share';
}

const allowed = z.registry<AllowedValues>();

/** The values that a setting of these rules may have; default and absence aside. */
export function allowedValues(schema: z.core.$ZodType): AllowedValues {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    return allowedValues(schema.unwrap());
  }
  return allowed.get(schema) ?? { kind: 'text' };
}

// Each rule completes the sentence "--context-size must be …".

/** A string that isn't empty. */
export function text(error: string) {
  return z.string({ error }).min(1, { error }).register(allowed, { kind: 'text' });
}

/** A text by its name, path or URL; the sizes of a toy task are such as it has. */
export function dataSource() {
  return text('the name of a data set, a path or a URL').superRefine((source, context) => {
    const parsed = parseToyTask(source);
    if (parsed !== undefined && 'rule' in parsed)
      context.addIssue({ code: 'custom', message: parsed.rule });
  });
}

/** A switch. */
export function flag() {
  return z.boolean({ error: 'true or false' }).register(allowed, { kind: 'switch' });
}

/** A whole number; `most` is its limit, if there is one. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  const isOpen = most === Number.MAX_SAFE_INTEGER;
  const error = `a whole number ${isOpen ? `of at least ${least}` : `from ${least} to ${most}`}`;
  return z
    .int({ error })
    .min(least, { error })
    .max(most, { error })
    .register(allowed, { kind: 'number', whole: true, least, ...(!isOpen && { most }) });
}

/** A whole number, or `auto`: chosen where it is needed. */
export function wholeOrAuto(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}, or auto`;
  const number = z.int({ error }).min(least, { error }).max(most, { error });
  return z
    .union([number, z.literal('auto')], { error })
    .register(allowed, { kind: 'number', whole: true, least, most, or: 'auto' });
}

/** A whole number from 0 on, or a share of something that is known later: `5%`. */
export function wholeOrShare() {
  const error = 'a whole number of at least 0, or a share below 100% such as 5%';
  const share = z.string({ error }).regex(/^\d{1,2}(\.\d+)?%$/, { error });
  return z
    .union([z.int({ error }).min(0, { error }), share], { error })
    .register(allowed, { kind: 'number', whole: true, least: 0, or: 'share' });
}

/** A number between two limits, these included. */
export function between(least: number, most: number) {
  const error = `a number from ${least} to ${most}`;
  return z
    .number({ error })
    .min(least, { error })
    .max(most, { error })
    .register(allowed, { kind: 'number', whole: false, least, most });
}

/** A number above 0. */
export function positive() {
  const error = 'a number above 0';
  return z
    .number({ error })
    .positive({ error })
    .register(allowed, { kind: 'number', whole: false, above: 0 });
}

/** A number above 0, 1 included. */
export function fractionUpTo1() {
  const error = 'a number above 0, at most 1';
  return z
    .number({ error })
    .positive({ error })
    .max(1, { error })
    .register(allowed, { kind: 'number', whole: false, above: 0, most: 1 });
}

/** A number strictly between 0 and 1. */
export function fraction() {
  const error = 'a fraction above 0 and below 1';
  return z
    .number({ error })
    .gt(0, { error })
    .lt(1, { error })
    .register(allowed, { kind: 'number', whole: false, above: 0, below: 1 });
}

/** A number of at least 0. */
export function nonNegative() {
  const error = 'a number of at least 0';
  return z
    .number({ error })
    .min(0, { error })
    .register(allowed, { kind: 'number', whole: false, least: 0 });
}

/** A number from 0 to below 1. */
export function fractionBelow1() {
  const error = 'a number from 0 to below 1';
  return z
    .number({ error })
    .min(0, { error })
    .lt(1, { error })
    .register(allowed, { kind: 'number', whole: false, least: 0, below: 1 });
}

/** One of some names. */
export function oneOf<const Name extends string>(names: readonly [Name, ...Name[]]) {
  const error =
    names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  return z.enum(names, { error }).register(allowed, { kind: 'choice', names });
}

/** `all`, `none`, or some of these names with commas between them. */
export function someOf(names: readonly string[]) {
  const error = `all, none or some of ${names.join(',')}`;
  const one = `(${names.join('|')})`;
  return z
    .string({ error })
    .regex(new RegExp(`^(all|none|${one}(,${one})*)$`), { error })
    .register(allowed, { kind: 'several', names });
}

/** The keys of a table, for {@link oneOf}. */
export function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>) {
  return Object.keys(table) as [Name, ...Name[]];
}

/** `contextSize` → `--context-size`. */
export function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
