/** Settings as the page has them: only those that someone has chosen. */
export type Flags = Readonly<Record<string, string | number | boolean>>;

/** A text of one's own. */
export interface OwnText {
  readonly name: string;
  readonly file: Blob;
}
