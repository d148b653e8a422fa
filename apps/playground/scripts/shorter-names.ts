import type { Plugin } from 'vite';

/** The letter that stands for no letters in common with the name before; the next one for one, and so on. */
const NONE = 'A';

/**
 * The built-in names, which are sorted, each as how much of the name before it begins with, and the rest: 13 kB compressed instead of 21. The page
 * writes them out again.
 */
export const shorterNames = (): Plugin => ({
  name: 'shorter-names',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/data/dist/text/names.js')) return undefined;
    const [, names] = /NAMES = ['"`]([a-z\s-]+)['"`]/.exec(code) ?? [];
    if (names === undefined) throw new Error(`${id}: there must be names; found none`);
    let before = '';
    const short = names.split(' ').map((name) => {
      let same = 0;
      while (same < Math.min(name.length, before.length, 25) && name[same] === before[same]) same++;
      before = name;
      return String.fromCharCode(NONE.charCodeAt(0) + same) + name.slice(same);
    });
    const written = [
      "let before = '';",
      `export const NAMES = '${short.join('')}'.replace(/([A-Z])([a-z-]*)/g, (_, same, rest) => {`,
      `  before = before.slice(0, same.charCodeAt(0) - ${NONE.charCodeAt(0)}) + rest;`,
      "  return before + ' ';",
      '}).trimEnd();',
    ];
    return { code: written.join('\n'), map: { mappings: '' } };
  },
});
