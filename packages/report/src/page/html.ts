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
  if (typeof content === 'string') return escape(content);
  if (typeof content === 'number') return String(content);
  return content.map(markupOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
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

/** The colour of series `index`: `--c1` … `--c8` of the page's style, repeated. */
export function colour(index: number): string {
  return `var(--c${(index % 8) + 1})`;
}
