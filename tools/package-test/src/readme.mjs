/**
 * A ```ts block of a README.
 *
 * @typedef {object} Snippet
 * @property {string} code
 * @property {number} line - of its first line in the README
 * @property {string | undefined} output - the ```text block that follows it: what it prints
 */

/**
 * The ```ts blocks of a Markdown text. Others are left out, ```ts no-run among them.
 *
 * @param {string} markdown
 * @returns {Snippet[]}
 */
export function readmeSnippets(markdown) {
  const blocks = fencedBlocks(markdown);
  return blocks.flatMap(({ language, body, start, end }, i) => {
    if (language !== 'ts') return [];
    const next = blocks.at(i + 1);
    const isOutput = next?.language === 'text' && !markdown.slice(end, next.start).includes('\n#');
    const line = markdown.slice(0, start).split('\n').length + 1;
    return [{ code: body, line, output: isOutput ? next.body.trimEnd() : undefined }];
  });
}

/**
 * What the README tells users to install: the arguments of each `npm install` in its ```sh blocks.
 *
 * @param {string} markdown
 * @returns {string[]} `@llm101/random`, `@tensorflow/tfjs-core@4.22.0`
 */
export function installedByReadme(markdown) {
  const commands = fencedBlocks(markdown)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ body }) => body.replaceAll('\\\n', ' ').split('\n'))
    .map((line) => /^npm (?:install|i) (.*)$/.exec(line.trim())?.[1] ?? '');
  return commands.flatMap((args) => args.split(/\s+/)).filter((arg) => /^[^-]/.test(arg));
}

/** @param {string} markdown */
function fencedBlocks(markdown) {
  return [...markdown.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1].trim(),
    body: match[2],
    start: match.index,
    end: match.index + match[0].length,
  }));
}
