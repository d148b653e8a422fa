import { type JsonLimits, parseJson } from '@llm101/safetensors';
import { readFileWithin, type ReadFileOptions } from '@llm101/training/node';

/** What {@link readJson} lets through. */
export interface ReadJsonOptions
  extends ReadFileOptions, Required<Pick<JsonLimits, 'depth' | 'values'>> {
  /** How many bytes the file may have. */
  readonly bytes: number;
}

/**
 * The JSON of a file, which may be anything: of a run's folder, or what a flag names. Whoever calls it checks what it holds.
 *
 * @throws JsonError when it isn't JSON, or more of it than is let through; `describeFileError` says of other errors why it can't be read
 */
export function readJson(
  path: string,
  { bytes, depth, values, ...options }: ReadJsonOptions,
): unknown {
  const text = decode(readFileWithin(path, bytes, options));
  return parseJson(text, { where: 'the file', depth, values });
}

/** Leaves out a byte order mark. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error("it isn't UTF-8", { cause });
  }
}
