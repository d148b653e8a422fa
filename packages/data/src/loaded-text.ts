/** A text and where it came from. */
export interface LoadedText {
  /** The text itself. */
  readonly text: string;
  /** What was loaded: the data set's name, the path or the URL, as it was asked for. */
  readonly name: string;
  /** Characters as a reader counts them: code points, so that an emoji is one. `text.length` counts it as two. */
  readonly characters: number;
  /** SHA-256 of the bytes as they were loaded, in hex: what `sha256sum` prints for the file. */
  readonly sha256: string;
}
