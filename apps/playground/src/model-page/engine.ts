/** The model in the page. It computes in the page itself, without a worker: a page that is opened as a file has nowhere to load one from. */
import type { NextToken } from '@llm101/inference';
import { readModel, parameterCount } from '@llm101/runs';
import { startBackend } from '@llm101/wasm';
import type { Drawing, NextOutput } from '../use-requests.js';
import { open, openedModel } from '../worker/requests/use/opened.js';

/** What is said of the model. */
export interface ModelFacts {
  /** As `--model` names it. */
  readonly kind: string;
  readonly parameters: number;
  readonly step: number;
  readonly examples: 'lines' | 'blocks';
  readonly vocabSize: number;
  /** Of its file. */
  readonly bytes: number;
  /** What stands before answers, where it has learned these alone. */
  readonly answerAfter: string | undefined;
}

/**
 * Starts the engine, and opens the model that was put into the page.
 *
 * @throws Error where the engine doesn't start here, or there is no model
 */
export async function openPageModel(): Promise<ModelFacts> {
  const file = bytesIn('model');
  if (file.length === 0) throw new Error(NO_MODEL);
  const binary = new Blob([await inflate(bytesIn('engine'))], { type: 'application/wasm' });
  const url = URL.createObjectURL(binary);
  await startBackend({ wasmPaths: { 'tfjs-backend-wasm-simd.wasm': url } });
  URL.revokeObjectURL(url);
  const { config, step, examples, answerAfter } = readModel(file);
  open({ bytes: file });
  return {
    kind: config.type,
    parameters: parameterCount(config),
    step,
    examples,
    vocabSize: config.vocabSize,
    bytes: file.length,
    answerAfter,
  };
}

const NO_MODEL =
  'there must be a model in this page; there is none: llm101 export RUN --format html writes a page that has one';

/** What may come next after a text, and with which probability it is drawn. */
export function nextTokens(
  text: string,
  drawing: Omit<Drawing, 'seed'>,
): Pick<NextOutput, 'tokens' | 'entropyBits'> {
  const tokens = openedModel().predictor.next(text, drawing);
  return { tokens, entropyBits: entropyOf(tokens) };
}

const entropyOf = (tokens: readonly NextToken[]): number =>
  tokens.reduce((sum, { probability: p }) => (p > 0 ? sum - p * Math.log2(p) : sum), 0);

/** The text of an element that holds data; empty where nothing was filled in. */
export function dataIn(id: string): string {
  const text = document.querySelector(`#data-${id}`)?.textContent ?? '';
  return text.startsWith('%') ? '' : text;
}

/** Characters of base64 that are decoded at a time: a multiple of 4. */
const PIECE = 2 ** 18;

/** Data as bytes. */
function bytesIn(id: string): Uint8Array<ArrayBuffer> {
  const written = dataIn(id).trim();
  const padding = /=*$/.exec(written.slice(-2))?.[0].length ?? 0;
  const bytes = new Uint8Array((written.length / 4) * 3 - padding);
  for (let at = 0; at < written.length; at += PIECE) {
    const piece = atob(written.slice(at, at + PIECE));
    const offset = (at / 4) * 3;
    for (let i = 0; i < piece.length; i++) bytes[offset + i] = piece.charCodeAt(i);
  }
  return bytes;
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).arrayBuffer();
}

/** The licences of what is in the page. */
export async function licences(): Promise<string> {
  return new TextDecoder().decode(await inflate(bytesIn('licences')));
}
