import type { ModelOfRun } from '../../run-folder/model-file.js';

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
  { tokenizer, examples }: Pick<ModelOfRun, 'tokenizer' | 'examples'>,
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

/** Shows a text that comes in parts, up to where it ends. */
export class Shown {
  /** What is shown. */
  text = '';
  readonly #end: string | undefined;
  readonly #write: (part: string) => void;
  /** What may be the beginning of its end. */
  #held = '';

  constructor({ text: end }: Ending, write: (part: string) => void) {
    this.#end = end;
    this.#write = write;
  }

  /** @returns whether the text has ended */
  push(part: string): boolean {
    const all = this.#held + part;
    const end = this.#end;
    const at = end === undefined ? -1 : all.indexOf(end);
    const until = at === -1 ? all.length - heldOf(all, end) : at;
    this.#show(all.slice(0, until));
    this.#held = at === -1 ? all.slice(until) : '';
    return at !== -1;
  }

  /** Shows what was held back. */
  finish(): void {
    this.#show(this.#held);
    this.#held = '';
  }

  #show(part: string): void {
    if (part !== '') this.#write(part);
    this.text += part;
  }
}

/** How many characters at the end of a text may be the first ones of its ending. */
function heldOf(text: string, end: string = ''): number {
  let length = Math.min(text.length, Math.max(end.length - 1, 0));
  while (length > 0 && !end.startsWith(text.slice(-length))) length--;
  return length;
}
