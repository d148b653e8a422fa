import type { SampledModel } from '@llm101/runs';

/** What ends a drawn text. */
export interface Ending {
  /** The token that does, or that none does. Default: that of the model. */
  readonly token: number | 'none' | undefined;
  /** A text that does, and isn't part of it. */
  readonly text: string | undefined;
}

/** What `--end` names: none, the model's own end by its symbol, or a text. */
export function endingOf(
  end: string | undefined,
  { tokenizer, examples }: Pick<SampledModel, 'tokenizer' | 'examples'>,
): Ending {
  if (end === undefined) return { token: undefined, text: undefined };
  if (end === 'none') return { token: 'none', text: undefined };
  if (end === tokenizer.padding) return { token: tokenizer.paddingIndex, text: undefined };
  return { token: examples === 'lines' ? undefined : 'none', text: end };
}

/** A text up to where it ends, looked for behind the prompt. */
export function cut(text: string, { text: end }: Ending, promptLength: number): string {
  const at = end === undefined ? -1 : text.indexOf(end, promptLength);
  return at === -1 ? text : text.slice(0, at);
}

/** A text that comes in parts, as far as it can be shown: what may be the beginning of its end is held back. */
export class TextUpToEnd {
  readonly #end: string | undefined;
  #held = '';

  constructor({ text }: Ending) {
    this.#end = text;
  }

  /** @returns what may be shown now, and whether the text has ended */
  push(part: string): { readonly text: string; readonly hasEnded: boolean } {
    const all = this.#held + part;
    const at = this.#end === undefined ? -1 : all.indexOf(this.#end);
    if (at !== -1) {
      this.#held = '';
      return { text: all.slice(0, at), hasEnded: true };
    }
    const until = all.length - heldOf(all, this.#end);
    this.#held = all.slice(until);
    return { text: all.slice(0, until), hasEnded: false };
  }

  /** What was held back, once nothing more comes. */
  rest(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }
}

/** How many characters at the end of a text may be the first ones of its ending. */
function heldOf(text: string, end: string = ''): number {
  let length = Math.min(text.length, Math.max(end.length - 1, 0));
  while (length > 0 && !end.startsWith(text.slice(-length))) length--;
  return length;
}
