/**
 * Compiles `assembly/` into two binaries, with SIMD and with relaxed SIMD, and writes them as base64 into
 * `dist/kernels.js`, so that Node and browsers load them without a path.
 *
 * The kernels work in tfjs' own memory: a binary that had data segments, a start function or a memory of its own would
 * overwrite it, and is refused.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const FLAGS =
  '-O3 --noAssert --runtime stub --importMemory --noExportMemory --enable simd --enable nontrapping-f2i';

/** Section numbers of a WebAssembly binary; https://webassembly.github.io/spec/core/binary/modules.html. */
const SECTIONS = { start: 8, data: 11 };

const simd = await compile(FLAGS);
const relaxed = await compile(`${FLAGS} --enable relaxed-simd`); // not every Node that builds can load it
checkImports(simd);
mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(
  join(root, 'dist', 'kernels.js'),
  '// Compiled from assembly/ by scripts/build-kernels.mjs.\n' +
    `export const simd = '${base64(simd)}';\nexport const relaxed = '${base64(relaxed)}';\n`,
);

async function compile(flags) {
  const files = new Map();
  const errors = [];
  const { error } = await asc.main(
    ['assembly/index.ts', '--outFile', 'kernels.wasm', '--baseDir', root, ...flags.split(' ')],
    {
      writeFile: (name, content) => void files.set(name, content),
      stderr: { write: (text) => void errors.push(text) },
    },
  );
  if (error) throw new Error(`build-kernels: assembly/ must compile\n${errors.join('')}`);
  const binary = files.get('kernels.wasm');
  check(binary);
  return binary;
}

function check(binary) {
  const found = new Set(sectionNumbers(binary));
  const bad = Object.entries(SECTIONS).filter(([, number]) => found.has(number));
  if (bad.length > 0) {
    throw new Error(
      `build-kernels: the binary must have no start and no data section; it has [${bad.map(([name]) => name).join()}]; ` +
        'look for Mathf, new, StaticArray or strings in assembly/',
    );
  }
}

function checkImports(binary) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(binary))
    .map(({ module, name }) => `${module}.${name}`)
    .join();
  if (imports !== 'env.memory') {
    throw new Error(
      `build-kernels: the binary must import env.memory alone; it imports ${imports}`,
    );
  }
}

function* sectionNumbers(binary) {
  let at = 8; // behind magic and version
  while (at < binary.length) {
    yield binary[at++];
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++];
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    at += size;
  }
}

function base64(binary) {
  return Buffer.from(binary).toString('base64');
}
