import { UserError } from '../errors.js';
import { flagOf } from '../rules.js';

/** A setting that names one of the things that a kind of model has. */
interface Choice<Name extends string> {
  /** The kind of model. */
  readonly kind: string;
  /** The setting. */
  readonly key: string;
  readonly names: readonly [Name, ...Name[]];
  /** What the setting says. */
  readonly got: string | undefined;
}

/**
 * What a setting names; where it names nothing the first.
 *
 * @throws UserError when it names what only other kinds have
 */
export function choice<Name extends string>({ kind, key, names, got }: Choice<Name>): Name {
  const found = got === undefined ? names[0] : names.find((name) => name === got);
  if (found !== undefined) return found;
  const known = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  throw new UserError(`${flagOf(key)} of ${kind} must be ${known}; got ${got}`, {
    keys: [key, 'model'],
  });
}

/** @throws UserError unless the heads can share the width */
export function checkWidth(
  kind: string,
  { dEmbed, heads }: { readonly dEmbed: number; readonly heads: number },
): void {
  if (dEmbed % heads === 0) return;
  throw new UserError(`--heads of ${kind} must divide --d-embed, ${dEmbed}; got ${heads}`, {
    keys: ['heads', 'dEmbed'],
  });
}
