import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { MAX_COMPRESSED_BYTES } from '@llm101/info-theory';
import { UsageError } from '@llm101/runs';
import { namedRun } from '../../run-folder/run-or-text.js';
import {
  CommandLineOption,
  LATEST,
  notEmpty,
  optionalRunOption,
  workersOption,
} from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { workersSetting } from '../../terminal/sources.js';

interface CodecFlags extends OutputFlags {
  readonly workers?: unknown;
  readonly model?: string | true;
  readonly output: string;
}

interface CompressFlags extends CodecFlags {
  readonly mix?: boolean;
}

interface DecompressFlags extends CodecFlags {
  readonly maxSize?: number;
}

export function addCompress(program: Command): void {
  const command = program
    .command('compress')
    .summary('make a file smaller by what a model predicts')
    .description(
      'Makes a file smaller by what a saved model predicts, or without one by what the file itself shows.',
    )
    .addArgument(fileArgument('any file'));
  addCodecFlags(command, "the run whose model predicts; without one, the file's own past does")
    .option('--mix', 'with a model: mix both; smaller and slower')
    .action(async (path: string, { model, output, mix, workers, ...flags }: CompressFlags) => {
      if (mix === true && model === undefined) {
        throw new UsageError('--mix must come with a model to mix; name its run with --model');
      }
      const shown = makeOutput(flags);
      const options = {
        path,
        outputPath: output,
        runDir: namedRun(model, shown),
        mix,
        workers: workersSetting(command, workers),
        output: shown,
      };
      const { compressCommand } = await import('./compress.js');
      await compressCommand(options);
    });
}

export function addDecompress(program: Command): void {
  const command = program
    .command('decompress')
    .summary('get a compressed file back')
    .description('Restores the bytes that llm101 compress was given, or ends with an error.')
    .addArgument(fileArgument('what llm101 compress wrote'));
  addCodecFlags(command, 'the run whose model predicted')
    .addOption(
      new Option(
        '--max-size <bytes>',
        "what the result may have (default: 1,000 times the file's, at least 64 MiB)",
      ).argParser(parseSize),
    )
    .action(
      async (path: string, { model, output, maxSize, workers, ...flags }: DecompressFlags) => {
        const shown = makeOutput(flags);
        const options = {
          path,
          outputPath: output,
          runDir: namedRun(model, shown),
          maxSize,
          workers: workersSetting(command, workers),
          output: shown,
        };
        const { decompressCommand } = await import('./compress.js');
        await decompressCommand(options);
      },
    );
}

/** A size in bytes that a file may have. */
function parseSize(written: string): number {
  const size = Number(written);
  if (/^\d+$/.test(written) && size <= MAX_COMPRESSED_BYTES) return size;
  throw new InvalidArgumentError(
    `It must be a whole number of bytes, up to ${MAX_COMPRESSED_BYTES}.`,
  );
}

/** The path of a file; `-`, which elsewhere is a pipe, isn't one. */
function pathOfFile(written: string): string {
  return notEmpty('the path of a file; a pipe has none')(written === '-' ? '' : written);
}

function fileArgument(help: string): Argument {
  return new Argument('<file>', help).argParser(pathOfFile);
}

function addCodecFlags(command: Command, model: string): Command {
  command
    .addOption(
      new CommandLineOption(
        '-o, --output <file>',
        'where the result is written; an existing file is replaced',
      )
        .argParser(pathOfFile)
        .makeOptionMandatory(),
    )
    .addOption(optionalRunOption(`${model}; without a folder ${LATEST}`))
    .addOption(workersOption());
  return addOutputFlags(command);
}
