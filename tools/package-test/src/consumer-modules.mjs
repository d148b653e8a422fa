import ts from 'typescript';

/** @import { Manifest } from './workspace.mjs' */

/**
 * A module that a user of the package could have written.
 *
 * @typedef {object} ConsumerModule
 * @property {string} name - for the file: `readme-12`
 * @property {string} where - for messages: `README.md:12`
 * @property {string} code - TypeScript
 * @property {string | undefined} output - what it must print; `undefined` when that is left open
 * @property {boolean} needsNode - whether it is checked with Node's types
 */

/**
 * The README's snippets, and for each entry a module that does nothing but import it.
 *
 * @param {Manifest} manifest
 * @param {string} readme
 * @returns {ConsumerModule[]}
 */
export function consumerModules(manifest, readme) {
  const snippets = readmeSnippets(readme).map(({ code, line, output }) => ({
    name: `readme-${line}`,
    where: `README.md:${line}`,
    code,
    output,
    needsNode: needsNode(code),
  }));
  const imports = entries(manifest).map((entry, i) => {
    const code = `import * as entry from '${entry}';\nconsole.log(Object.keys(entry).join(' '));\n`;
    return {
      name: `entry-${i}`,
      where: entry,
      code,
      output: undefined,
      needsNode: needsNode(code),
    };
  });
  return [...snippets, ...imports];
}

/** @param {string} code */
function needsNode(code) {
  return /from '(node:[^']*|[^'.]*\/node)'|\bprocess\b/.test(code);
}

/**
 * What can be imported from a package: `@llm101/data`, `@llm101/data/node`.
 *
 * @param {Manifest} manifest
 * @returns {string[]}
 */
export function entries({ name, exports = {} }) {
  return Object.keys(exports)
    .filter((path) => path !== './package.json' && !path.includes('*'))
    .map((path) => `${name}${path.slice(1)}`);
}

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
 * What the README asks users to install: the arguments of each `npm install` in its ```sh blocks.
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

/**
 * A module as plain JavaScript.
 *
 * @param {string} code - TypeScript
 * @returns {string}
 */
export function stripTypes(code) {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  return outputText;
}
