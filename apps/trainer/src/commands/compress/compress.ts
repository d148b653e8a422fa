import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { compressFile, countCharacters, decompressFile, TooLargeError } from '@llm101/inference';
import type { CodecNetwork, CompressedFile } from '@llm101/inference';
import { CodecError, MAX_COMPRESSED_BYTES } from '@llm101/info-theory';
import { type Settings, UserError } from '@llm101/runs';
import { writeFileWholeSync } from '@llm101/training/node';
import { openModelOfRun } from '../../run-folder/model-file.js';
import { describeFileError } from '../../terminal/errors.js';
import { count, formatTable, type Output } from '../../terminal/output.js';
import { savedScores, threadsFor } from '../../threads/saved-scores.js';
import { compare } from './comparison.js';

/** What {@link compressCommand} needs. */
export interface CompressCommandOptions {
  readonly path: string;
  readonly outputPath: string;
  /** The run whose model predicts; without one the text alone does. */
  readonly runDir?: string | undefined;
  /** Whether model and text predict together. */
  readonly mix?: boolean | undefined;
  /** Threads that score. */
  readonly workers: Settings['workers'];
  readonly output: Output;
}

/** `llm101 compress`: compresses a file by predictions, and compares its size with other programs'. */
export async function compressCommand(options: CompressCommandOptions): Promise<void> {
  const { path, outputPath, runDir, mix, workers, output } = options;
  const bytes = readInput(path, MAX_COMPRESSED_BYTES);
  checkOutput(outputPath, path);
  const network = runDir === undefined ? undefined : await loadNetwork(runDir, workers);

  const progress = output.progress('compressing');
  const start = performance.now();
  const made = compressFile(bytes, { network, mix, onProgress: progress.update });
  const durationMs = performance.now() - start;
  progress.end();
  writeOutput(outputPath, made.file);

  const characters = countCharacters(bytes);
  const perSecond = Math.round((1000 * characters) / durationMs);
  const { programs, entropies } = compare(bytes);
  const size = made.file.length;
  const sizes: Size[] = [
    ['as it is', bytes.length],
    ['compressed', size],
    ...networkRows(made, network),
    ...Object.entries(programs),
    ...entropies.map((n, known): Size => [`order-${known} entropy`, n]),
  ];
  const line = `${outputPath}: ${count(bytes.length)} bytes in ${count(size)}, ${count(perSecond)} characters a second`;
  const needsMaxSize = bytes.length > defaultMaxSize(size);
  output.print(
    'bytes, and bits a character:',
    describeSizes(sizes, characters),
    describeLoss(made),
  );
  const advice = `to decompress it allow its size: --max-size ${bytes.length}`;
  output.answer([line, ...escapesOf(made), ...(needsMaxSize ? [advice] : [])], {
    file: path,
    output: outputPath,
    bytes: bytes.length,
    characters,
    compressedBytes: size,
    bitsPerCharacter: perCharacter(8 * size, characters),
    codeBitsPerSymbol: perCharacter(8 * made.codeBytes, made.symbols),
    escapes: made.escapes,
    durationMs,
    charactersPerSecond: perSecond,
    ...(network !== undefined && {
      model: { sha256: network.sha256, bytes: network.bytes },
      modelBitsPerSymbol: perCharacter(made.crossEntropy?.bits, made.crossEntropy?.symbols),
    }),
    programs,
    entropies,
  });
}

/**
 * The model of a run, whose scores come from several threads.
 *
 * @throws UserError when there is no whole model in the folder
 */
async function loadNetwork(runDir: string, workers: Settings['workers']): Promise<CodecNetwork> {
  const saved = await openModelOfRun(runDir);
  const { config, model, tokenizer, examples, file } = saved;
  const sha256 = createHash('sha256').update(file).digest('hex');
  const scores: CodecNetwork['scores'] = (rows, tokens) =>
    savedScores(saved, { rows, workers: threadsFor(workers, { config, rows, tokens }) });
  return { model, tokenizer, examples, sha256, bytes: file.length, scores };
}

/** The bytes that a text takes in some form. */
type Size = readonly [form: string, bytes: number];

/** A table of sizes, in bytes and in bits a character. */
function describeSizes(sizes: readonly Size[], characters: number): string[] {
  return formatTable(
    sizes.map(([form, bytes]) => [
      form,
      count(bytes),
      characters === 0 ? '' : ((8 * bytes) / characters).toFixed(3),
    ]),
  );
}

function networkRows(
  { file, codeBytes, crossEntropy }: CompressedFile,
  network?: CodecNetwork,
): Size[] {
  if (network === undefined || crossEntropy === undefined) return [];
  return [
    ['with the model', file.length + network.bytes],
    ['the code in it', codeBytes],
    ["the model's cross-entropy", crossEntropy.bits / 8],
  ];
}

/** How much longer the model's code is than its cross-entropy, given what each lane has read. */
function describeLoss({ codeBytes, crossEntropy, escapes }: CompressedFile): string[] {
  if (crossEntropy === undefined || crossEntropy.symbols === 0 || escapes > 0) return [];
  const more = (800 * codeBytes) / crossEntropy.bits - 100;
  return more < 0
    ? []
    : [
        `the code is ${more.toFixed(2)} % longer than the model's cross-entropy, cuts into lanes not counted`,
      ];
}

function escapesOf({ escapes }: CompressedFile): string[] {
  if (escapes === 0) return [];
  const bytes = escapes === 1 ? '1 byte is' : `${count(escapes)} bytes are`;
  return [`${bytes} of characters that the model doesn't know`];
}

function perCharacter(bits: number | undefined, characters: number | undefined): number | null {
  return bits === undefined || !characters ? null : bits / characters;
}

/** What {@link decompressCommand} needs. */
export interface DecompressCommandOptions {
  readonly path: string;
  readonly outputPath: string;
  /** The run whose model predicted, if one did. */
  readonly runDir?: string | undefined;
  /** The most bytes that may come out. Default: a thousand times the file's, and 64 MiB at least. */
  readonly maxSize?: number | undefined;
  /** Threads that score. */
  readonly workers: Settings['workers'];
  readonly output: Output;
}

/** `llm101 decompress`: the file that was compressed, or an error. */
export async function decompressCommand(options: DecompressCommandOptions): Promise<void> {
  const { path, outputPath, runDir, workers, output } = options;
  const file = readInput(path, MOST_FILE_BYTES);
  const maxSize = options.maxSize ?? defaultMaxSize(file.length);
  checkOutput(outputPath, path);
  const network = runDir === undefined ? undefined : () => loadNetwork(runDir, workers);

  const progress = output.progress('decompressing');
  const start = performance.now();
  const bytes = await decompressFile(file, { maxSize, network, onProgress: progress.update })
    .catch((cause: unknown) => {
      if (cause instanceof TooLargeError) throw tooLarge(path, { cause, file, maxSize });
      if (!(cause instanceof CodecError)) throw cause;
      const why = cause.message.replace(/^compressed file: /, '');
      throw new UserError(`${path} can't be decompressed: ${why}`, { cause });
    })
    .finally(() => progress.end());
  const durationMs = performance.now() - start;
  writeOutput(outputPath, bytes);
  const perSecond = Math.round((1000 * bytes.length) / durationMs);
  const line = `${outputPath}: ${count(bytes.length)} bytes, verified by their checksum; ${count(perSecond)} a second`;
  output.answer([line], {
    file: path,
    output: outputPath,
    bytes: bytes.length,
    isVerified: true,
    durationMs,
    bytesPerSecond: perSecond,
  });
}

/** What can't be compressed gets a little larger. */
const MOST_FILE_BYTES = 1.01 * MAX_COMPRESSED_BYTES;

/** What a file may hold without being asked: what hardly any text exceeds, and an hour's work for a file of a megabyte. */
function defaultMaxSize(fileSize: number): number {
  return Math.min(Math.max(1000 * fileSize, 2 ** 26), MAX_COMPRESSED_BYTES);
}

interface TooLarge {
  readonly cause: TooLargeError;
  readonly file: Uint8Array;
  readonly maxSize: number;
}

function tooLarge(path: string, { cause, file, maxSize }: TooLarge): UserError {
  const { size } = cause;
  const remedy =
    size > MAX_COMPRESSED_BYTES
      ? `no file can hold more than ${count(MAX_COMPRESSED_BYTES)}`
      : `if you trust it, allow them with --max-size ${size}`;
  return new UserError(
    `${path} can't be decompressed: its ${count(file.length)} bytes say that they hold ${count(size)}, more than ${count(maxSize)}; ${remedy}`,
    { cause },
  );
}

/** Bytes that are read at once; no call reads 2^31. */
const PIECE = 2 ** 24;

/**
 * A whole file, or what a device or a pipe gives.
 *
 * @throws UserError when it can't be read, or is larger than `most` bytes
 */
function readInput(path: string, most: number): Uint8Array {
  try {
    const file = fs.openSync(path, 'r');
    try {
      const { size } = fs.fstatSync(file);
      let bytes = new Uint8Array(Math.min(size, most) + 1); // one more, to see that it ends
      let length = 0;
      for (let read = -1; read !== 0; length += read) {
        if (length > most) {
          const limit = `it has more than the ${count(most)} bytes that can be taken`;
          throw new UserError(`${path} can't be read: ${limit}; cut it into parts`);
        }
        if (length === bytes.length) {
          const larger = new Uint8Array(Math.min(2 * length + PIECE, most + 1));
          larger.set(bytes);
          bytes = larger;
        }
        read = fs.readSync(file, bytes, length, Math.min(bytes.length - length, PIECE), null);
      }
      return bytes.subarray(0, length);
    } finally {
      fs.closeSync(file);
    }
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(
      `${path} can't be read: ${describeFileError(cause)}; name the file to read`,
      { cause },
    );
  }
}

/**
 * Checks that a result can be written, before the work is done.
 *
 * @throws UserError when it can't, or would replace the input or something that isn't a file
 */
function checkOutput(path: string, input: string): void {
  try {
    fs.accessSync(dirname(path), fs.constants.W_OK);
    if (!fs.existsSync(path)) return;
    if (!fs.statSync(path).isFile()) throw new Error("it isn't a file");
    if (fs.realpathSync(path) === fs.realpathSync(input)) throw new Error('it is the file to read');
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

/** Writes a file wholly or not at all. @throws UserError when it can't be written */
function writeOutput(path: string, content: Uint8Array): void {
  try {
    writeFileWholeSync(path, content);
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

function notWritable(path: string, cause: unknown): UserError {
  return new UserError(
    `${path} can't be written: ${describeFileError(cause)}; choose another path with --output`,
    { cause },
  );
}
