import {
  byteEntropies,
  compressFile,
  countCharacters,
  decompressFile,
  inspectCompressed,
} from '@llm101/inference';
import type { CompressOutput, Done, UseRequests } from '../../../use-requests.js';
import type { Answer, Job } from '../handler.js';
import { openedModel } from './opened.js';

/** Milliseconds between two messages of progress. */
const TELL_MS = 100;

/** Bytes that come out at most of a file that someone gives the page. */
const MOST_BYTES = 2 ** 28;

/** Any bytes as the file that `llm101 compress` writes, and what to compare it with. */
export function compress(
  { bytes, method }: UseRequests['compress']['input'],
  _: unknown,
  job: Job<Done>,
): Answer<CompressOutput> {
  const network = method === 'text' ? undefined : openedModel().network;
  const startMs = performance.now();
  const options = { network, mix: method === 'mix', onProgress: teller(job) };
  const made = compressFile(bytes, options);
  const durationMs = performance.now() - startMs;
  const { codeBytes, escapes, crossEntropy } = made;
  const file = Uint8Array.from(made.file);
  const output = {
    bytes: file,
    codeBytes,
    escapes,
    characters: countCharacters(bytes),
    crossEntropyBytes: crossEntropy && crossEntropy.bits / 8,
    entropies: byteEntropies(bytes),
    durationMs,
  };
  return { output, transfer: [file.buffer] };
}

/** The bytes that were compressed. */
export async function decompress(
  { bytes }: UseRequests['decompress']['input'],
  _: unknown,
  job: Job<Done>,
): Promise<Answer<UseRequests['decompress']['output']>> {
  const { kind } = inspectCompressed(bytes);
  const network = kind === 'online' ? undefined : async () => openedModel().network;
  const back = Uint8Array.from(
    await decompressFile(bytes, { maxSize: MOST_BYTES, network, onProgress: teller(job) }),
  );
  return { output: { bytes: back }, transfer: [back.buffer] };
}

/** Tells progress, now and then. */
function teller({ tell }: Job<Done>): (done: number, all: number) => void {
  let lastMs = 0;
  return (done, all) => {
    const now = performance.now();
    if (now - lastMs < TELL_MS) return;
    lastMs = now;
    tell({ done, all });
  };
}
