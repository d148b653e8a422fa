import { escapeText } from '../escape.js';

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
  if (value === undefined || !Number.isFinite(value)) return '–';
  return Math.abs(value) < 1e4 ? value.toFixed(4) : value.toExponential(2);
}

/** A time as `1 h 02 min`, `3 min 20 s` or `4.2 s`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (!(seconds < 1e9)) return '–';
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(Math.floor(seconds % 60))} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

const two = (value: number): string => String(value).padStart(2, '0');
