import { readFileSync } from 'node:fs';

/** Values of one tensor, computed by PyTorch. */
interface Figure {
  readonly shape: number[];
  readonly values: number[];
}

/** What a script of tools/reference wrote: for each case its output and gradients. */
export const figuresIn = (
  file: string,
): Readonly<Record<string, Readonly<Record<string, Figure>>>> =>
  JSON.parse(readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8')) as ReturnType<
    typeof figuresIn
  >;
