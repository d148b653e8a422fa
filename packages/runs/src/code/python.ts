/** A line of Python, or a block of them; what is false is left out. */
type Lines = string | false | undefined | readonly string[];

/** Lines and blocks, one below the other. */
export const python = (...parts: readonly Lines[]): string =>
  parts
    .flat()
    .filter((part) => typeof part === 'string')
    .join('\n');

/** The same, further in. */
export const indented = (code: string, by = 4): string =>
  code.replaceAll(/^(?=.)/gm, ' '.repeat(by));

/** A part of a script that stands apart from the one before it; nothing where there is none. */
export const apart = (part: string | undefined): readonly string[] =>
  part === undefined ? [] : ['', '', part];
