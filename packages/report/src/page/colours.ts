/** The colours of a page, `--c1` … `--c8` of its style, over and over. */
export function colour(index: number): string {
  return `var(--c${(index % 8) + 1})`;
}
