/** What a text is cut into: lines, an example each, or blocks of one stream. */
export type ExamplesName = 'lines' | 'blocks';
