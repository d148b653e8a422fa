import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CharTokenizer } from '@llm101/data';
import { encodeToFile, textPieces } from '@llm101/data/node';
import { crc32 } from '@llm101/info-theory';
import { below, mutateBytes, mutateJson, pick } from './mutate.mjs';

/** @typedef {import('@llm101/random').Generator} Generator */

/**
 * A safetensors file with another header, other texts in its metadata, other bytes, or another length of the header.
 *
 * @param {Uint8Array} file
 * @param {Generator} random
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function mutateSafetensors(file, random) {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = new TextDecoder().decode(file.subarray(8, 8 + length));
  const data = file.subarray(8 + length);
  switch (below(random, 5)) {
    case 0:
      return mutateBytes(file, random);
    case 1:
      return joined(header, mutateBytes(data, random));
    case 2:
      return joined(header, data, pick(random, LENGTHS));
    case 3:
      return joined(mutateMetadata(header, random), data);
    default:
      return joined(mutateJson(header, random), data);
  }
}

const LENGTHS = [0n, 1n, 8n, 1n << 31n, 1n << 32n, 1n << 53n, 1n << 63n, (1n << 64n) - 1n];

/**
 * @param {string} header
 * @param {Uint8Array} data
 * @param {bigint} [length]
 */
function joined(header, data, length) {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

/**
 * The JSON in a text of the metadata, with other values.
 *
 * @param {string} header
 * @param {Generator} random
 */
function mutateMetadata(header, random) {
  const object = JSON.parse(header);
  const metadata = object['__metadata__'] ?? {};
  const keys = Object.keys(metadata);
  if (keys.length === 0) return mutateJson(header, random);
  const key = pick(random, keys);
  metadata[key] = mutateJson(metadata[key], random);
  return JSON.stringify(object);
}

/**
 * Puts the right checksum into a checkpoint, so that what comes after the sum is tried too.
 *
 * @param {Uint8Array<ArrayBuffer>} file
 */
export function signed(file) {
  const key = '"crc32":"';
  const at = new TextDecoder('latin1').decode(file).indexOf(key) + key.length;
  if (at < key.length || at + 8 > file.length) return file;
  file.set(new TextEncoder().encode('00000000'), at);
  file.set(new TextEncoder().encode(crc32(file).toString(16).padStart(8, '0')), at);
  return file;
}

/** A token file of three tokens. @param {string} folder - where it is made */
export async function tokenFile(folder) {
  const [text, file] = [join(folder, 'abc.txt'), join(folder, 'abc.tokens')];
  writeFileSync(text, 'abcab'.repeat(20));
  const tokenizer = CharTokenizer.fromAlphabet('abc', { padding: false });
  const { tokens } = await encodeToFile(file, textPieces(text), tokenizer);
  tokens.close();
  return new Uint8Array(readFileSync(file));
}

/**
 * An altered token file whose hashes are right again, so that what comes after them is tried too.
 *
 * @param {Uint8Array} file
 * @param {Generator} random
 */
export function signedTokens(file, random) {
  const mutant = mutateBytes(file, random);
  if (mutant.length < 176) return mutant;
  mutant.set(sha256(mutant.subarray(176)), 112);
  mutant.set(sha256(mutant.subarray(0, 144)), 144);
  return mutant;
}

const sha256 = (/** @type {Uint8Array} */ bytes) => createHash('sha256').update(bytes).digest();
