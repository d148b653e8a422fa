import { UserError } from '../errors.js';
import { flagOf } from '../rules.js';

/**
 * What a setting names, of what a kind of model has; where it names nothing the first.
 *
 * @throws UserError when it names what only other kinds have
 */
export function choice<Name extends string>(
  kind: string,
  key: string,
  [names, got]: readonly [names: readonly [Name, ...Name[]], got: string | undefined],
): Name {
  const found = got === undefined ? names[0] : names.find((name) => name === got);
  if (found !== undefined) return found;
  const known = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  throw new UserError(`${flagOf(key)} of ${kind} must be ${known}; got ${got}`);
}

/** @throws UserError unless the heads can share the width */
export function checkWidth(
  kind: string,
  { dEmbed, heads }: { readonly dEmbed: number; readonly heads: number },
): void {
  if (dEmbed % heads === 0) return;
  throw new UserError(`--heads of ${kind} must divide --d-embed, ${dEmbed}; got ${heads}`);
}
