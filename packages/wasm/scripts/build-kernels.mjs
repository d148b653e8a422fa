/**
 * Compiles `assembly/` into two binaries, with SIMD and with relaxed SIMD, and writes them into `dist/kernels.js` and
 * `dist/relaxed-kernels.js`, deflated and as base64, so that Node and browsers load them without a path. A server compresses base64
 * of what is deflated to its bytes, and that of a binary to nearly half as many again.
 *
 * The kernels work in tfjs' own memory: a binary that had data segments, a start function or a memory of its own would
 * overwrite it, and is refused.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
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
writeModule('kernels.js', simd);
writeModule('relaxed-kernels.js', relaxed);

function writeModule(name, binary) {
  writeFileSync(
    join(root, 'dist', name),
    '// Compiled from assembly/ by scripts/build-kernels.mjs.\n' +
      `export const binary = '${deflateSync(binary, { level: 9 }).toString('base64')}';\n`,
  );
}

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
