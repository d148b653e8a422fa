import { z } from 'zod';

// Each rule completes the sentence "--context-size must be …".

/** A string that isn't empty. */
export function text(error: string) {
  return z.string({ error }).min(1, { error });
}

/** A switch. */
export function flag() {
  return z.boolean({ error: 'true or false' });
}

/** A whole number; `most` is its limit, if there is one. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  const limit =
    most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`;
  const error = `a whole number ${limit}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** A whole number, or `auto`: chosen where it is needed. */
export function wholeOrAuto(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}, or auto`;
  const number = z.int({ error }).min(least, { error }).max(most, { error });
  return z.union([number, z.literal('auto')], { error });
}

/** A whole number from 0 on, or a share of something that is known later: `5%`. */
export function wholeOrShare() {
  const error = 'a whole number of at least 0, or a share below 100% such as 5%';
  const share = z.string({ error }).regex(/^\d{1,2}(\.\d+)?%$/, { error });
  return z.union([z.int({ error }).min(0, { error }), share], { error });
}

/** A number between two limits, these included. */
export function between(least: number, most: number) {
  const error = `a number from ${least} to ${most}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
}

/** A number above 0. */
export function positive() {
  const error = 'a number above 0';
  return z.number({ error }).positive({ error });
}

/** A number above 0, 1 included. */
export function fractionUpTo1() {
  const error = 'a number above 0, at most 1';
  return z.number({ error }).positive({ error }).max(1, { error });
}

/** A number strictly between 0 and 1. */
export function fraction() {
  const error = 'a fraction above 0 and below 1';
  return z.number({ error }).gt(0, { error }).lt(1, { error });
}

/** A number of at least 0. */
export function nonNegative() {
  const error = 'a number of at least 0';
  return z.number({ error }).min(0, { error });
}

/** A number from 0 to below 1. */
export function fractionBelow1() {
  const error = 'a number from 0 to below 1';
  return z.number({ error }).min(0, { error }).lt(1, { error });
}

/** One of some names. */
export function oneOf<const Name extends string>(names: readonly [Name, ...Name[]]) {
  const error =
    names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  return z.enum(names, { error });
}

/** `all`, `none`, or some of these names with commas between them. */
export function someOf(names: readonly string[]) {
  const error = `all, none or some of ${names.join(',')}`;
  const one = `(${names.join('|')})`;
  return z.string({ error }).regex(new RegExp(`^(all|none|${one}(,${one})*)$`), { error });
}

/** The keys of a table, for {@link oneOf}. */
export function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>) {
  return Object.keys(table) as [Name, ...Name[]];
}

/** `contextSize` → `--context-size`. */
export function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
