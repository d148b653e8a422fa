import { dataSets } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { licencesOf } from '@tools/licences';
import { rolldown } from 'rolldown';
import { modelPage } from './scripts/model-page.js';
import { shorterNames } from './scripts/shorter-names.js';
import { withoutUnused } from './scripts/without-unused.js';
import { minify } from 'terser';
import { defineConfig, type Connect, type Plugin } from 'vite';

/** The version of the packages, which is that of `llm101`. */
const { version } = JSON.parse(
  readFileSync(new URL('../../packages/runs/package.json', import.meta.url), 'utf8'),
) as { readonly version: string };

/** Nothing but this page's own files, and WebAssembly. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The built page may load nothing from elsewhere; while it is developed, Vite needs more. */
const policy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

/** What is loaded when it is first asked for; everything else is one file, which compresses best. */
const LATER =
  /packages\/(inference|info-theory|report|export|webgpu)\/|packages\/runs\/dist\/(code|form|folder|device)|training\/dist\/(watch\/watch-activations|loop\/find-learning-rate)|models\/dist\/(activation-tree|recurrent-states|attention-weights|node-arithmetic)|relaxed-kernels|\/text\/names|fflate|src\/worker\/(requests\/|entry|open-gpu)/;

/** The texts that lie beside the page, as the command finds them: in its data folder, among its downloads, or fetched. */
const answerTexts: Connect.NextHandleFunction = (request, response, next) => {
  const file = /\/texts\/([\w.-]+)$/.exec(request.url ?? '')?.[1];
  const found = [...dataSets].find(([, set]) => 'fileNames' in set && set.fileNames[0] === file);
  if (found === undefined) return next();
  loadText(found[0]).then(
    ({ text }) => response.end(text),
    () => response.writeHead(404).end(),
  );
};

const texts: Plugin = {
  name: 'texts',
  configureServer: ({ middlewares }) => void middlewares.use(answerTexts),
  configurePreviewServer: ({ middlewares }) => void middlewares.use(answerTexts),
};

/** Modules of the page and of its worker, which is a bundle by itself. */
const bundled = new Set<string>();

/** Notes what is bundled, and writes its licences. */
const licences = (isWhole: boolean): Plugin => ({
  name: 'licences',
  apply: 'build',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk')
        for (const module of Object.keys(chunk.modules)) bundled.add(module);
    }
    if (!isWhole) return;
    this.emitFile({ type: 'asset', fileName: LICENCES, source: licencesOf(bundled) });
  },
});

const LICENCES = 'LICENSES.txt';

const MODEL_PAGE = 'model-page.html';

/** The page that a model is put into when it is exported. */
const modelPageFile: Plugin = {
  name: 'model-page',
  apply: 'build',
  async generateBundle() {
    this.emitFile({ type: 'asset', fileName: MODEL_PAGE, source: await modelPage() });
  },
};

/** Files that the page can do without. */
const BESIDE: ReadonlySet<string> = new Set([LICENCES, MODEL_PAGE]);

/** Parts that few ask for, and large: they are kept once they were asked for. */
const LARGE = /\/vega-/;

/** What every room needs. */
const SHARED =
  /node_modules\/(preact|@preact)\/|src\/(main|app|format|databases|protocol)\.|src\/(state|charts)\//;

/** The service worker, which has to know all files of the build: it is bundled by itself, at the root of the site. */
const serviceWorker: Plugin = {
  name: 'service-worker',
  apply: 'build',
  enforce: 'post',
  async generateBundle(_, bundle) {
    const files = Object.keys(bundle).filter(
      (file) => file !== 'index.html' && !BESIDE.has(file) && !LARGE.test(file),
    );
    const hash = createHash('sha256').update(files.sort().join('\n'));
    const { index } = Object.fromEntries(
      Object.values(bundle).flatMap((file) =>
        file.fileName === 'index.html' && file.type === 'asset' ? [['index', file.source]] : [],
      ),
    );
    hash.update(index ?? '');
    const BUILD = { name: hash.digest('hex').slice(0, 16), files: ['', ...files] };
    const { output } = await rolldown({
      input: fileURLToPath(new URL('src/offline/sw.ts', import.meta.url)),
      transform: { define: { BUILD: JSON.stringify(BUILD) } },
    }).then((made) => made.generate({ format: 'iife', minify: true }));
    this.emitFile({ type: 'asset', fileName: 'sw.js', source: output[0].code });
  },
};

/** Terser finds 2 % more to leave out of what Vite's own minifier makes, a second time a little more still; by itself it makes more. */
const smaller = (): Plugin => ({
  name: 'smaller',
  apply: 'build',
  async generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      for (let time = 0; time < 2; time++) {
        const { code } = await minify(chunk.code, { module: true, compress: { passes: 2 } });
        chunk.code = code ?? chunk.code;
      }
    }
  },
});

/** Threads share memory on a page that is isolated; the built page has a service worker for that. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  define: { LLM101_VERSION: JSON.stringify(version) },
  base: './', // it stands in a folder of the documents' site
  build: {
    outDir: 'dist/site',
    target: 'es2023',
    rolldownOptions: {
      // what the page and its rooms share is one file, as it compresses best
      output: { codeSplitting: { groups: [{ name: 'page', test: SHARED }] } },
    },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  worker: {
    format: 'es', // parts are loaded by import()
    plugins: () => [withoutUnused(), shorterNames(), licences(false), smaller()],
    rolldownOptions: {
      output: {
        comments: { legal: false }, // LICENSES.txt has them
        codeSplitting: { groups: [{ name: 'engine', test: (id) => !LATER.test(id) }] },
      },
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [policy, texts, licences(true), smaller(), modelPageFile, serviceWorker],
  server: { host: '127.0.0.1', headers },
  preview: { host: '127.0.0.1', headers },
});
