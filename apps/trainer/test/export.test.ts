// llm101 export: files that other programs read, or why there can be none.
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors } from '@llm101/safetensors';
import { describe, expect, it } from 'vitest';
import { emptyFolder, ended, errorOf, start, succeed } from './llm101.js';

describe('llm101 export', () => {
  it('writes a GPT in each format, and reads a folder of Hugging Face', async () => {
    const folder = emptyFolder();
    const run = join(folder, 'run');
    writeFileSync(
      join(folder, 'text.txt'),
      'the cat and the other cat\nand the end of it all\n'.repeat(9),
    );
    const sizes = '--model gpt --layers 1 --heads 2 --d-embed 8 --context-size 8 --batch-size 2';
    const training = '--examples blocks --max-steps 2 --val-interval 0 --activation gelu-tanh';
    const data = ['--data', join(folder, 'text.txt'), '--run-dir', run];
    await succeed('train', ...data, ...`${sizes} ${training}`.split(' '));
    for (const format of ['onnx', 'hf', 'gguf', 'safetensors']) {
      const { stdout, status } = await ended(
        start(['export', run, '--format', format], { cwd: folder }),
      );
      expect([status, stdout.split('\n').length > 0]).toEqual([0, true]);
    }
    expect(readdirSync(folder).sort()).toEqual([
      'run',
      'run-hf',
      'run.gguf',
      'run.onnx',
      'run.safetensors',
      'text.txt',
    ]);
    expect(readdirSync(join(folder, 'run-hf')).sort()).toEqual([
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const [again, other] = ['again', 'other'].map((name) => join(folder, name));
    const text = ['--data', join(folder, 'text.txt'), '--max-steps', '2'];
    const on = [...text, '--examples', 'blocks'];
    // characters that can't begin lines are learned as one stream
    await succeed('train', '--init-from', join(folder, 'run-hf'), ...text, '--run-dir', again);
    expect(
      await errorOf(2, 'train', '--init-from', join(folder, 'run-hf'), '--examples', 'lines'),
    ).toContain('--examples must be as the model of');
    await succeed('train', '--init-from', run, ...on, '--run-dir', other);
    const [first, second] = [again, other].map((path) =>
      readFileSync(join(path, 'model.safetensors')),
    );
    expect(first.equals(second)).toBe(true);
    const hf = join(folder, 'run-hf');
    const weights = join(hf, 'model.safetensors');
    const tensors = Object.entries(readSafetensors(new Uint8Array(readFileSync(weights))).tensors);
    for (const [i, part] of [tensors.slice(0, 3), tensors.slice(3)].entries()) {
      const file = writeSafetensors(Object.fromEntries(part));
      writeFileSync(join(hf, `model-0000${i + 1}-of-00002.safetensors`), file);
    }
    rmSync(weights);
    const link = join(folder, 'link');
    symlinkSync(hf, link);
    await succeed('train', '--init-from', link, ...on, '--run-dir', join(folder, 'parts'));
    expect(readFileSync(join(folder, 'parts', 'model.safetensors')).equals(first)).toBe(true);
    rmSync(join(hf, 'model-00001-of-00002.safetensors'));
    expect(await errorOf(1, 'train', '--init-from', hf, ...on)).toContain(
      'must be there; got none',
    );
    rmSync(join(hf, 'model-00002-of-00002.safetensors'));
    expect(await errorOf(1, 'train', '--init-from', hf, ...on)).toContain(
      "model.safetensors can't be read: there is no such file or folder; save the model by save_pretrained",
    );
    const [state, saved] = [join(folder, 'run.safetensors'), join(run, 'model.safetensors')].map(
      (path) => readSafetensors(new Uint8Array(readFileSync(path))).tensors,
    );
    expect(state).toEqual(saved);
    expect(
      await errorOf(1, 'export', run, '--format', 'onnx', '-o', join(folder, 'run.onnx')),
    ).toContain('run.onnx is there already; remove it, or choose another with --output');
  });

  it('writes a model of any kind as one page, and says its size', async () => {
    const folder = emptyFolder();
    const run = join(folder, '<script>alert(1)</script>'.replaceAll('/', '_'));
    const path = join(folder, 'page.html');
    await succeed('train', '--max-steps', '2', '--val-interval', '0', '--run-dir', run);
    const { stdout } = await succeed('export', run, '--format', 'html', '-o', path);
    const html = readFileSync(path);
    expect(stdout).toBe(
      `${path}\n${Math.ceil(html.length / 1000)} kB; it opens in a browser, and needs no network\n`,
    );
    const model = readFileSync(join(run, 'model.safetensors')).toString('base64');
    expect(html.includes(`<script type="text/plain" id="data-model">${model}</script>`)).toBe(true);
    expect(html.includes('<script>alert')).toBe(false);
  });

  it('says what a format can’t express, and writes nothing', async () => {
    const run = join(emptyFolder(), 'run');
    const path = `${run}.gguf`;
    await succeed('train', '--max-steps', '2', '--val-interval', '0', '--run-dir', run);
    expect(await errorOf(1, 'export', run, '--format', 'gguf', '-o', path)).toContain(
      'GGUF: the model must be a gpt, as the programs that read this format know no mlp; ONNX or safetensors may take it',
    );
    expect(existsSync(path)).toBe(false);
    expect(await errorOf(2, 'export', run, '--format', 'tflite')).toContain(
      'onnx, hf, gguf, safetensors, html',
    );
    expect(await errorOf(2, 'export', run)).toContain('--format');
    expect(await errorOf(1, 'export', `${run}-none`, '--format', 'onnx')).toContain(
      'there is no model to read at',
    );
  });
});
