import { crc32 } from '@llm101/info-theory';
import { JsonError, parseJson, readSafetensors, writeSafetensors } from '@llm101/safetensors';
import type { SafetensorsFile, TensorData } from '@llm101/safetensors';
import { isRecord } from '../checks.js';

/** A checkpoint can't be read or doesn't fit. The message says what is wrong with the file. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** What JSON can hold. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The state of one part of a run. */
export interface PartState {
  /** Its numbers, by name. */
  readonly tensors: Readonly<Record<string, TensorData>>;
  /** Everything else. */
  readonly values: Json;
}

/** A run at the end of a step. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** The run's settings; a run with others can't resume from here. */
  readonly config: Json;
  /** What parts and loop say of the run, such as hashes of its data; old files have none. */
  readonly identity?: Json | undefined;
  /** By name; `model` are the parameters. */
  readonly parts: Readonly<Record<string, PartState | undefined>>;
}

const VERSION = 1;
const MODEL = 'model';

/** Between the name of a part and that of its tensor. The model's tensors go without. */
const SEPARATOR = '/';

/** As long as a sum, which replaces it. */
const NO_SUM = '00000000';
const SUM_KEY = '"crc32":"';

/**
 * A checkpoint as one safetensors file. The model's parameters are in it under their own names, so that PyTorch finds
 * them; the other parts' tensors as `optimizer/0.exp_avg`; everything else as JSON in the metadata, with a CRC-32 of
 * the whole file in which its own eight digits count as zeros. Equal checkpoints have equal bytes.
 */
export function encodeCheckpoint({
  step,
  config,
  identity,
  parts,
}: Checkpoint): Uint8Array<ArrayBuffer> {
  const tensors: Record<string, TensorData> = {};
  const values: Record<string, Json> = {};
  for (const [part, state] of Object.entries(parts)) {
    if (state === undefined) continue;
    for (const [name, tensor] of Object.entries(state.tensors)) {
      if (part === MODEL && name.includes(SEPARATOR)) {
        throw new RangeError(
          `encodeCheckpoint: a parameter's name must have no ${SEPARATOR}; got ${name}`,
        );
      }
      tensors[part === MODEL ? name : part + SEPARATOR + name] = tensor;
    }
    values[part] = state.values;
  }
  const file = writeSafetensors(tensors, {
    format: 'pt', // what Python's libraries look for
    checkpoint: JSON.stringify({ version: VERSION, step, config, identity, values }),
    crc32: NO_SUM,
  });
  file.set(new TextEncoder().encode(hex(crc32(file))), offsetOfSum(file));
  return file;
}

/**
 * Reads what {@link encodeCheckpoint} wrote. Nothing is allocated beyond the file's size: tensors are views of it.
 *
 * @param bytes - the file, at the start of its buffer
 * @throws CheckpointError when the file is truncated, damaged, or something else
 */
export function decodeCheckpoint(bytes: Uint8Array<ArrayBuffer>): Checkpoint {
  const { tensors, metadata } = readFile(bytes);
  checkSum(bytes, metadata['crc32']);
  const { values, ...head } = readHead(metadata['checkpoint']);
  // without a prototype, as names come from the file
  const parts = Object.create(null) as Record<
    string,
    { tensors: Record<string, TensorData>; values: Json }
  >;
  for (const [part, value] of Object.entries(values)) parts[part] = { tensors: {}, values: value };
  for (const [name, tensor] of Object.entries(tensors)) {
    const end = name.indexOf(SEPARATOR);
    const part = end === -1 ? MODEL : name.slice(0, end);
    if (!Object.hasOwn(parts, part)) {
      throw new CheckpointError(`its tensor ${name} belongs to no part of it; write it again`);
    }
    parts[part].tensors[name.slice(end + 1)] = tensor;
  }
  return { ...head, parts };
}

function readFile(bytes: Uint8Array<ArrayBuffer>): SafetensorsFile {
  try {
    return readSafetensors(bytes);
  } catch (cause) {
    throw new CheckpointError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function checkSum(bytes: Uint8Array<ArrayBuffer>, written = ''): void {
  if (!/^[0-9a-f]{8}$/.test(written)) {
    throw new CheckpointError('its metadata have no crc32; is this a checkpoint of llm101?');
  }
  const at = offsetOfSum(bytes);
  const digits = bytes.slice(at, at + NO_SUM.length);
  bytes.set(new TextEncoder().encode(NO_SUM), at);
  const found = hex(crc32(bytes));
  bytes.set(digits, at);
  if (found === written) return;
  throw new CheckpointError(`its crc32 is ${found} where ${written} is written; it is damaged`);
}

/** Where the digits of the sum begin: after the first `"crc32":"`, as other texts have their quotes escaped. */
function offsetOfSum(file: Uint8Array): number {
  const key = new TextEncoder().encode(SUM_KEY);
  for (let i = file.indexOf(key[0]); i !== -1; i = file.indexOf(key[0], i + 1)) {
    if (key.every((byte, j) => file[i + j] === byte)) return i + key.length;
  }
  throw new CheckpointError('its metadata have no crc32; is this a checkpoint of llm101?');
}

function readHead(text = 'null') {
  let head: unknown;
  try {
    head = parseJson(text);
  } catch (cause) {
    if (cause instanceof JsonError && !(cause.cause instanceof SyntaxError)) {
      throw new CheckpointError(`its metadata can't be read: ${cause.message}`, { cause });
    }
    throw new CheckpointError("its metadata aren't JSON; it is damaged", { cause });
  }
  if (!isRecord(head) || head['version'] !== VERSION) {
    throw new CheckpointError(
      `its metadata must be of version ${VERSION}, the one that can be read; was it made by another llm101?`,
    );
  }
  const { step, config = null, identity, values } = head;
  if (typeof step !== 'number' || !Number.isSafeInteger(step) || step < 0 || !isRecord(values)) {
    throw new CheckpointError('its metadata lack a step or the values of its parts');
  }
  return {
    step,
    config: config as Json,
    ...(identity !== undefined && { identity: identity as Json }),
    values: values as Record<string, Json>,
  };
}

const hex = (sum: number): string => sum.toString(16).padStart(8, '0');
