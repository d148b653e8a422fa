import { UsageError } from '@llm101/runs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { latestRun } from '../../run-folder/latest-run.js';
import { LATEST, notEmpty } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { type ExportFormat, exportFormats } from './formats.js';

interface ExportFlags extends OutputFlags {
  readonly format?: ExportFormat;
  readonly output?: string;
}

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .summary('write a model for other programs, or as a page')
    .description(
      'Writes the model of a run for other programs: onnx for onnxruntime, hf, a folder, for Hugging Face transformers, gguf for llama.cpp, safetensors by the names of PyTorch, html a page to type into, which needs no network. ' +
        'hf and gguf take the kind gpt, onnx all but megabyte, the others any. llama.cpp computes GELU by a table of half precision: its scores of a GPT-2 differ from ours by up to 0.003.',
    )
    .argument('[folder]', `of the run (default: ${LATEST})`)
    .addOption(new Option('--format <format>', exportFormats.join(', ')).argParser(parseFormat))
    .addOption(
      new Option(
        '-o, --output <path>',
        "the file, or the folder of hf; there must be none (default: the run's name, here)",
      ).argParser(notEmpty('a path')),
    );
  addOutputFlags(command).action(async (folder: string | undefined, flags: ExportFlags) => {
    const { format, output: path, ...rest } = flags;
    if (format === undefined) {
      throw new UsageError(`--format must say what to write: ${exportFormats.join(', ')}`);
    }
    const output = makeOutput(rest);
    const runDir = folder ?? latestRun('model', output);
    const { exportCommand } = await import('./export.js');
    exportCommand(runDir, { format, path, output });
  });
}

function parseFormat(written: string): ExportFormat {
  const format = exportFormats.find((known) => known === written);
  if (format !== undefined) return format;
  throw new InvalidArgumentError(`It must be ${exportFormats.join(', ')}.`);
}
