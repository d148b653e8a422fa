// node src/measure.mjs FILE: bytes and speed of each model, beside gzip and brotli.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { compress, decompress } from '@llm101/info-theory';
import { MODELS } from './check-file.mjs';

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('measure: name a file; got none');
  process.exit(1);
}
const bytes = new Uint8Array(readFileSync(path));

/**
 * @param {string} what
 * @param {number} length
 * @param {string} [more]
 */
function row(what, length, more = '') {
  const bits = ((8 * length) / bytes.length).toFixed(4);
  console.log(`${what.padEnd(22)}${String(length).padStart(9)}  ${bits} bits a byte  ${more}`);
}

row('as it is', bytes.length);
row('gzip -9', gzipSync(bytes, { level: 9 }).length);
row(
  'brotli -11',
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } }).length,
);
for (const [name, make] of Object.entries(MODELS)) {
  const start = performance.now();
  const file = compress(bytes, { model: make(), name });
  const middle = performance.now();
  const back = decompress(file, { model: make(), name });
  const end = performance.now();
  if (back.length !== bytes.length || back.some((byte, i) => byte !== bytes[i])) {
    throw new Error(`measure: ${name} gave other bytes back`);
  }
  const speed = (/** @type {number} */ ms) => (bytes.length / ms).toFixed(0);
  row(
    name,
    file.length,
    `${speed(middle - start)} thousand bytes a second, ${speed(end - middle)} back`,
  );
}
