import { escapeText } from '../charts.js';

/** Markup, which isn't escaped, unlike text. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What a template may contain: text is escaped, lists are joined. */
export type Content = Html | string | number | readonly Content[];

/** A template that escapes its texts: html`<p>${text}</p>`. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  const [first, ...others] = strings.raw;
  return new Html(first + others.map((text, i) => markupOf(contents[i]) + text).join(''));
}

function markupOf(content: Content): string {
  if (content instanceof Html) return content.markup;
  if (typeof content === 'string') return escapeText(content);
  if (typeof content === 'number') return String(content);
  return content.map(markupOf).join('');
}

/** A count, as `10,000`. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Four decimals, as in the lecture's progress bar; a dash where there is no value. */
export function loss(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(4);
}

/** A setting as it is written in config.json. */
export function setting(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '–');
}
