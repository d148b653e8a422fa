import { Sha256 } from '@llm101/data';

/** What a file is by its bytes, as far as the page takes it. */
export type Kind = 'zip' | 'tensors' | 'config' | 'tokenizer' | 'text' | 'other';

/** Bytes at the beginning that tell. */
const HEAD = 4096;

/** A config.json is smaller. */
const MOST_CONFIG = 2 ** 20;

/** What other programs' files begin with: PDF, PNG, JPEG, GIF, ELF. */
const OTHERS = ['%PDF', '\u0089PNG', '\u00FF\u00D8\u00FF', 'GIF8', '\u007FELF'];

/** How a tokenizer.json of Hugging Face begins. */
const TOKENIZER = /^\{\s*"version"[^]*?"(?:truncation|added_tokens)"/;

/** Tells by its bytes, not by its name, what a file is. */
export async function kindOf(file: Blob): Promise<Kind> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const begins = (text: string): boolean =>
    Array.from(text).every((character, i) => head[i] === character.charCodeAt(0));
  if (begins('PK\u0003\u0004')) return 'zip';
  if (isTensors(head, file.size)) return 'tensors';
  if (OTHERS.some((other) => begins(other))) return 'other';
  if (begins('{') && (await isConfig(file))) return 'config';
  if (TOKENIZER.test(new TextDecoder().decode(head))) return 'tokenizer';
  if (begins('\u001F\u008B')) return 'text'; // gzip: a text reads it
  return isWide(head) || !head.includes(0) ? 'text' : 'other';
}

/** Whether it begins with the length of a header of JSON, as files of safetensors do. */
function isTensors(head: Uint8Array<ArrayBuffer>, size: number): boolean {
  if (head.length < 9 || head[8] !== 0x7b) return false;
  const length = new DataView(head.buffer).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(size - 8);
}

/** Whether it is an object of settings. */
async function isConfig(file: Blob): Promise<boolean> {
  if (file.size > MOST_CONFIG) return false;
  try {
    const json: unknown = JSON.parse(await file.text());
    return typeof json === 'object' && json !== null && 'model' in json && 'maxSteps' in json;
  } catch {
    return false;
  }
}

/** UTF-16 has zeros, and a mark at its beginning. */
const isWide = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

/** SHA-256 of a file that is read in pieces. */
export async function sha256Of(file: Blob): Promise<string> {
  const hash = new Sha256();
  const reader = file.stream().getReader();
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) return hash.hex();
    hash.update(value);
  }
}
