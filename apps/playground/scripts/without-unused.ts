import type { Plugin } from 'vite';

/**
 * Modules of tfjs and zod that nothing here calls, and that their packages load all the same: tfjs' threaded form (ours runs on one thread, and has
 * threads of its own), its hashes of strings, its ways to save models, and zod's JSON schemas. Together 25 kB of what a page loads.
 */
const UNUSED =
  /tfjs-backend-wasm-threaded-simd|tfjs-core\/dist\/hash_util|tfjs-core\/dist\/(io|optimizers)\/|zod\/v4\/(core\/(to-json-schema|json-schema-processors)|locales\/en)|tfjs-backend-cpu\/dist\/kernels\/(String|Sparse|Ragged|NonMax)\w+_impl|tfjs-core\/dist\/ops\/ragged_to_dense_util/;

/**
 * Leaves out what isn't used: of such a module only the names of its exports are left, which do nothing.
 *
 * @param also - other modules
 */
export const withoutUnused = (also?: RegExp): Plugin => ({
  name: 'without-unused',
  enforce: 'pre',
  transform(code, id) {
    if (!UNUSED.test(id) && also?.test(id) !== true) return undefined;
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
    const left = ['const nothing = () => undefined;', 'export default nothing;', ...nothing];
    return { code: left.join('\n'), map: { mappings: '' } };
  },
});
