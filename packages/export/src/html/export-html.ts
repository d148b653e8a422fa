import { ExportError } from '../errors.js';

/** What {@link exportHtml} writes besides a model. */
export interface HtmlOptions {
  /** The page without a model: `model-page.html` of the playground. */
  readonly page: string;
  /** What the page is called. */
  readonly name: string;
}

/** Bytes of a model that a page can hold: browsers have a text of a gigabyte at most, and this one is decoded from base64. */
const MOST_BYTES = 200_000_000;

/** Where the page is filled in, in this order. */
const MARKS = ['%llm101:title%', '%llm101:name%', '%llm101:model%'] as const;

/**
 * One file with a trained model in it, that works without a network: what comes next as one types, texts that it writes, and how surprising a
 * text is to it.
 *
 * Nothing of the model or its name becomes a part of the page's code: they are base64 and JSON in elements that hold data, and the page's policy
 * names its only script by its hash.
 *
 * @param model - the whole `model.safetensors` of a run, with its tokenizer and sizes
 * @returns the file, in UTF-8
 * @throws ExportError when the model is too large for a page; RangeError when the page isn't one for a model
 */
export function exportHtml(
  model: Uint8Array,
  { page, name }: HtmlOptions,
): Uint8Array<ArrayBuffer> {
  if (model.length > MOST_BYTES) {
    throw new ExportError(
      `HTML: the model's file may have ${MOST_BYTES.toLocaleString('en-US')} bytes, as more is too much for a browser; it has ${model.length.toLocaleString('en-US')}; safetensors or ONNX may take it`,
    );
  }
  const contents = [escapeText(name), jsonInScript(name)].map((text) => encoder.encode(text));
  const parts = split(page).map((text) => encoder.encode(text));
  const pieces = parts.flatMap((part, i) =>
    i === 0 ? [part] : [[...contents, base64(model)][i - 1], part],
  );
  const file = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}

const encoder = new TextEncoder();

/** The page as it is before, between and after its marks. */
function split(page: string): string[] {
  const parts: string[] = [];
  let at = 0;
  for (const mark of MARKS) {
    const found = page.indexOf(mark, at);
    if (found < 0) {
      throw new RangeError(
        `exportHtml: the page must have ${MARKS.join(', ')}; got none of ${mark}`,
      );
    }
    parts.push(page.slice(at, found));
    at = found + mark.length;
  }
  return [...parts, page.slice(at)];
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** JSON which can't end the element that it stands in, nor begin a comment there. */
function jsonInScript(value: string): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

const ALPHABET = encoder.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/** As bytes: a text of it could be longer than texts can be. */
function base64(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const written = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let i = 0, at = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]]; // beyond the end none, whose bits are 0
    written[at++] = ALPHABET[a >> 2];
    written[at++] = ALPHABET[((a & 3) << 4) | (b >> 4)];
    written[at++] = i + 1 < bytes.length ? ALPHABET[((b & 15) << 2) | (c >> 6)] : PADDING;
    written[at++] = i + 2 < bytes.length ? ALPHABET[c & 63] : PADDING;
  }
  return written;
}

const PADDING = 0x3d; // =
