import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ExportError,
  exportGguf,
  exportHtml,
  exportHuggingFace,
  exportOnnx,
  exportSafetensors,
  type ExportedModel,
  type Folder,
} from '@llm101/export';
import { readModel, UserError } from '@llm101/runs';
import { writeFileWholeSync } from '@llm101/training/node';
import { readModelFile } from '../../run-folder/model-file.js';
import { runFolder } from '../../run-folder/paths.js';
import { describeFileError } from '../../terminal/errors.js';
import { count, type Output } from '../../terminal/output.js';
import type { ExportFormat } from './formats.js';

/** What {@link exportCommand} needs besides a run. */
export interface ExportCommandOptions {
  readonly format: ExportFormat;
  /** Default: the run's name with the format's ending, in this folder. */
  readonly path?: string | undefined;
  readonly output: Output;
}

/** What a format writes, and how its path ends. */
const FORMATS: Readonly<
  Record<
    ExportFormat,
    {
      readonly ending: string;
      readonly write: (
        model: ExportedModel,
        from: { readonly name: string; readonly file: Uint8Array<ArrayBuffer> },
      ) => Folder | Uint8Array<ArrayBuffer>;
    }
  >
> = {
  onnx: { ending: '.onnx', write: (model) => exportOnnx(model) },
  hf: { ending: '-hf', write: (model) => exportHuggingFace(model) },
  gguf: { ending: '.gguf', write: (model, { name }) => exportGguf(model, name) },
  safetensors: { ending: '.safetensors', write: (model) => exportSafetensors(model) },
  html: {
    ending: '.html',
    write: (_, { name, file }) => exportHtml(file, { page: modelPage(), name }),
  },
};

/**
 * `llm101 export`: the model of a run for other programs.
 *
 * @throws UserError when there is no model, the format can't express it, or the path is taken or can't be written
 */
export function exportCommand(runDir: string, options: ExportCommandOptions): void {
  const { format, output } = options;
  const folder = runFolder(runDir);
  const name = basename(resolve(folder.path));
  const { ending, write } = FORMATS[format];
  const path = options.path ?? name + ending;
  if (existsSync(path)) {
    throw new UserError(`${path} is there already; remove it, or choose another with --output`);
  }
  const file = readModelFile(folder.model);
  const written = attempt(() => write(readModel(file), { name, file }));
  const files = written instanceof Uint8Array ? { '': written } : written;
  try {
    if (!(written instanceof Uint8Array)) mkdirSync(path, { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      writeFileWholeSync(join(path, file), content);
    }
  } catch (cause) {
    throw new UserError(
      `${path} can't be written: ${describeFileError(cause)}; choose another with --output`,
      { cause },
    );
  }
  const paths = Object.keys(files).map((file) => join(path, file));
  const bytes = Object.values(files).reduce((sum, file) => sum + Buffer.byteLength(file), 0);
  output.answer(paths, { runDir: folder.path, format, output: path, files: paths, bytes });
  if (format === 'html') {
    output.print(`${count(bytes / 1000)} kB; it opens in a browser, and needs no network`);
  }
}

/** The page that a model is put into; it lies beside the command's bundle. */
function modelPage(): string {
  const path = fileURLToPath(new URL('playground/model-page.html', import.meta.url));
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UserError(`the page must be at ${path}; it isn't; install llm101 again`, { cause });
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof ExportError)) throw cause;
    throw new UserError(cause.message, { cause });
  }
}
