import { CodecError } from '@llm101/info-theory';
import { UserError } from '@llm101/runs';
import { count, type Output } from '../../terminal/output.js';
import { decompressFile, loadNetwork } from './codec/file-codec.js';
import { checkOutput, readInput, writeOutput } from './codec/files.js';

/** What {@link decompressCommand} needs. */
export interface DecompressCommandOptions {
  readonly path: string;
  readonly outputPath: string;
  /** The run whose model predicted, if one did. */
  readonly runDir?: string | undefined;
  readonly output: Output;
}

/** `llm101 decompress`: the file that was compressed, or an error. */
export async function decompressCommand(options: DecompressCommandOptions): Promise<void> {
  const { path, outputPath, runDir, output } = options;
  const file = readInput(path);
  checkOutput(outputPath, path);
  const network = runDir === undefined ? undefined : () => loadNetwork(runDir);

  const progress = output.progress('decompressing');
  const start = performance.now();
  const bytes = await decompressFile(file, { network, onProgress: progress.update })
    .catch((cause: unknown) => {
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
