/**
 * Bundles the page that `llm101 export RUN --format html` puts a model into: one file with its script, its style, TensorFlow.js' binary and the
 * licences in it. The policy in it names the script and the style by their hashes: nothing else that comes into the file runs.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { licencesOf } from '@tools/licences';
import { rolldown } from 'rolldown';
import { withoutUnused } from './without-unused.js';

const source = (path: string): string => fileURLToPath(new URL(`../src/${path}`, import.meta.url));

/** Kernels that only training asks for. */
const RELAXED = /relaxed-kernels/;

/** What is between the marks is filled in by `exportHtml` of @llm101/export. */
export async function modelPage(): Promise<string> {
  const build = await rolldown({
    input: source('model-page/main.tsx'),
    platform: 'browser',
    plugins: [withoutUnused(RELAXED)],
    transform: { jsx: { runtime: 'automatic', importSource: 'preact' }, target: 'es2023' },
  });
  const { output } = await build.generate({
    format: 'iife',
    minify: true,
    codeSplitting: false,
    comments: { legal: false },
  });
  await build.close();
  const [{ code, modules }] = output;
  const files = Object.keys(modules).filter((id) => !id.startsWith('\0')); // those are rolldown's own
  const script = `\n${code}`;
  const style = ['style.css', 'rooms/use/use.css', 'model-page/model-page.css']
    .map((path) => readFileSync(source(path), 'utf8'))
    .join('\n');
  for (const [name, text] of Object.entries({ script, style })) {
    if (/<\/(?:script|style)|<!--/i.test(text)) throw new Error(`the ${name} ends its own element`);
  }
  const binary = createRequire(import.meta.url).resolve(
    '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm',
  );
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}' 'wasm-unsafe-eval'`,
    `style-src '${hashOf(style)}'`,
    'connect-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>%llm101:title%</title>
<style>${style}</style>
</head>
<body>
<div id="page"><noscript>This page computes a language model by JavaScript and WebAssembly; it needs both.</noscript></div>
<script type="application/json" id="data-name">%llm101:name%</script>
<script type="text/plain" id="data-model">%llm101:model%</script>
<script type="text/plain" id="data-engine">${deflated(readFileSync(binary))}</script>
<script type="text/plain" id="data-licences">${deflated(licencesOf(files))}</script>
<script>${script}</script>
</body>
</html>
`;
}

const hashOf = (text: string): string =>
  `sha256-${createHash('sha256').update(text).digest('base64')}`;

const deflated = (content: string | Uint8Array): string =>
  deflateSync(content, { level: 9 }).toString('base64');
