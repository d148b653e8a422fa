/**
 * Bundles the gradients that tfjs-core ships, but that Node cannot import, into `dist/gradients.js`.
 *
 * `@tensorflow/tfjs-core/dist/register_all_gradients.js` is an ES module inside a package that doesn't say so. It
 * also reaches past the package's main entry, so loading it as it is would start a second engine. Here each module
 * whose names the main entry offers too is replaced by an import of that; the few internal operations that it
 * doesn't offer (`conv2DBackpropFilter`, `maxPoolGrad`, …) are bundled along, licence headers and all. The result
 * has one import, `@tensorflow/tfjs-core`, and one export, the list `gradients`.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as core from '@tensorflow/tfjs-core';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

const CORE = '@tensorflow/tfjs-core';
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(dirname(createRequire(import.meta.url).resolve(`${CORE}/package.json`)), 'dist');
const entry = join(dist, 'register_all_gradients.js');

/** Modules that hold state: bundling one of them would make a second engine, registry or environment. */
const STATEFUL =
  /^(index|engine|environment|kernel_registry|tensor|globals|flags|backends\/.*)\.js$/;

/** Modules that hold state and whose names the main entry hands out in another form. */
const REWRITTEN = {
  'engine.js': `import { engine } from '${CORE}'; export const ENGINE = /* @__PURE__ */ engine();`,
  'environment.js': `export { env, ENV } from '${CORE}';`,
  'tensor.js': `import { Tensor } from '${CORE}'; export const getGlobalTensorClass = () => Tensor; export { Tensor };`,
};

/** The names a module of tfjs-core exports, `export *` followed. */
function exportsOf(file) {
  return parseAst(readFileSync(file, 'utf8')).body.flatMap((node) => {
    if (node.type === 'ExportAllDeclaration') {
      return exportsOf(`${resolve(dirname(file), node.source.value)}.js`);
    }
    if (node.type !== 'ExportNamedDeclaration') return [];
    if (!node.declaration) return node.specifiers.map(({ exported }) => exported.name);
    return node.declaration.declarations?.map(({ id }) => id.name) ?? [node.declaration.id.name];
  });
}

/** What stands in for a module of tfjs-core: code over the main entry, or undefined when that lacks some name. */
function standIn(file) {
  const rewritten = REWRITTEN[relative(dist, file)];
  if (rewritten !== undefined) return rewritten;
  const names = exportsOf(file);
  if (names.every((key) => key in core)) return `export { ${names.join(', ')} } from '${CORE}';`;
  const { util, backend_util, slice_util } = core;
  const spaces = Object.entries({ util, backend_util, slice_util });
  const [space] = spaces.find(([, offered]) => names.every((key) => key in offered)) ?? [];
  if (space === undefined) return undefined;
  const lines = names.map((key) => `export const ${key} = ${space}.${key};`);
  return [`import { ${space} } from '${CORE}';`, ...lines].join('\n');
}

/** The entry as a list to import: its loop is an effect of loading, and bundlers drop those of this package. */
function exportedNotRegistered(code) {
  const loop = /for \(const gradientConfig of gradConfigs\) \{[^}]*\}/;
  if (!loop.test(code)) {
    throw new Error(
      `bundle-gradients: ${entry} must have the loop ${loop.source}; look at its end`,
    );
  }
  return code.replace(loop, 'export { gradConfigs as gradients };');
}

// A virtual module is named by its path within dist, which rolldown writes into the bundle.
const backToMainEntry = {
  name: 'back-to-main-entry',
  resolveId(source, importer) {
    if (importer === undefined || !source.startsWith('.')) return null;
    const file = `${resolve(dirname(importer), source)}.js`;
    const path = relative(dist, file);
    return path.startsWith('gradients') || standIn(file) === undefined ? file : `\0${path}`;
  },
  load(id) {
    if (id === entry) return exportedNotRegistered(readFileSync(id, 'utf8'));
    if (!id.startsWith('\0')) return null;
    return { code: standIn(join(dist, id.slice(1))), moduleSideEffects: false };
  },
};

const build = await rolldown({
  input: entry,
  external: [CORE],
  plugins: [backToMainEntry],
  treeshake: { propertyReadSideEffects: false },
});
const { output } = await build.write({
  file: join(root, 'dist', 'gradients.js'),
  format: 'esm',
  comments: { legal: true, annotation: false, jsdoc: true },
  banner:
    `// Bundled from ${CORE} ${core.version_core}, register_all_gradients.js and what it imports.\n` +
    "// Changed: imports of the package's own files lead to its main entry; the gradients are exported, not registered.",
});
await build.close();

const [chunk] = output;
const second = Object.keys(chunk.modules)
  .map((id) => relative(dist, id))
  .filter((path) => STATEFUL.test(path));
if (output.length !== 1 || chunk.imports.join() !== CORE || second.length > 0) {
  throw new Error(
    `bundle-gradients: expected one file that imports only ${CORE}; got ${output.length} file(s), ` +
      `imports [${chunk.imports.join()}], second copies of [${second.join()}]; extend standIn()`,
  );
}
