import type { Plugin } from 'vite';
import { GRADIENTS_LEFT_OUT, KERNELS_LEFT_OUT } from './left-out.js';

/**
 * Modules of tfjs and zod that nothing here calls, and that their packages load all the same: tfjs' threaded form (ours runs on one thread, and has
 * threads of its own), its hashes of strings, its ways to save models, and zod's JSON schemas.
 */
const UNUSED =
  /tfjs-backend-wasm-threaded-simd|tfjs-core\/dist\/hash_util|tfjs-core\/dist\/(io|optimizers)\/|zod\/v4\/(core\/(to-json-schema|json-schema-processors)|locales\/en)|tfjs-backend-cpu\/dist\/kernels\/(String|Sparse|Ragged|NonMax)\w+_impl|tfjs-core\/dist\/ops\/ragged_to_dense_util|wasm\/dist\/eager\/plain-windows/;

const KERNEL = /tfjs-backend-wasm\/dist\/kernels\/(\w+)\.js$/;

/**
 * Leaves out what isn't used, 50 kB of what a page loads: of such a module only the names of its exports are left, which do nothing; of a kernel
 * its name, so that it can be replaced; of lists what nothing asks for.
 *
 * @param also - other modules
 */
export const withoutUnused = (also?: RegExp): Plugin => ({
  name: 'without-unused',
  enforce: 'pre',
  transform(code, id) {
    const made = UNUSED.test(id) || also?.test(id) === true ? emptied(code) : shortened(code, id);
    return made === undefined ? undefined : { code: made, map: { mappings: '' } };
  },
});

/** The module with exports that do nothing. */
function emptied(code: string): string {
  const names = [
    ...code.matchAll(
      /\b(?:export (?:async )?(?:const|let|var|function|class) |module\.exports\.)(\w+)/g,
    ),
  ];
  const listed = [...code.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, list]) =>
    list.split(',').map(
      (one) =>
        one
          .trim()
          .split(/\s+as\s+/)
          .at(-1) ?? '',
    ),
  );
  const all = [...names.map(([, name]) => name), ...listed].filter((name) => name !== '');
  const nothing = all.map((name) => `export { nothing as ${name} };`);
  return ['const nothing = () => undefined;', 'export default nothing;', ...nothing].join('\n');
}

/** A module of which a part isn't used. */
function shortened(code: string, id: string): string | undefined {
  const kernel = KERNEL.exec(id)?.[1];
  if (kernel !== undefined && KERNELS_LEFT_OUT.includes(kernel)) return withoutKernel(code, kernel);
  if (id.endsWith('/wasm/dist/gradients.js')) return withoutGradients(code);
  if (id.endsWith('/zod/v4/classic/schemas.js')) return withoutFormats(code);
  return undefined;
}

function withoutKernel(code: string, name: string): string {
  const [, config] = found(code, /export const (\w+Config) = /, name);
  return `export const ${config} = { kernelName: '${name}', backendName: 'wasm', kernelFunc() { throw new Error('${name} is left out'); } };`;
}

/** tfjs' gradients are one list, which nothing is left out of by itself. */
function withoutGradients(code: string): string {
  const [list, entries] = found(
    code,
    /const gradConfigs = \[([^[\]]*?\w+GradConfig),\s*\{/,
    'list',
  );
  const out = new Set(GRADIENTS_LEFT_OUT.map((name) => `${name}GradConfig`.toLowerCase()));
  const all = entries.split(',').map((one) => one.trim());
  const left = all.filter((one) => !out.has(one.toLowerCase()));
  if (new Set(all).size - new Set(left).size !== out.size) {
    throw new Error('gradients.js: there must be all gradients that are left out; some are not');
  }
  return code.replace(list, list.replace(entries, left.join(',\n\t')));
}

/** No setting is an e-mail address: strings lose the methods that check such, and the expressions behind them. */
function withoutFormats(code: string): string {
  const [whole, head] = found(
    code,
    /(export const ZodString = [^]*?_ZodString\.init\(inst, def\);\n\}), \{[^]*?\n\}\);/,
    'ZodString',
  );
  return code.replace(whole, `${head});`);
}

/** @throws Error where the package has changed */
function found(code: string, pattern: RegExp, what: string): RegExpExecArray {
  const match = pattern.exec(code);
  if (match === null) throw new Error(`there must be ${what} as ${pattern.source}; there is not`);
  return match;
}
