import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { serve } from '@tools/browsers/serve';
import { build as vite } from 'vite';
import webpack from 'webpack';

/** @import { Browser } from 'puppeteer-core' */
/** @import { Step } from './check-browser.mjs' */

/** What each page of the document is served from. */
const SITES = /** @type {const} */ ({
  Vite: 'vite/dist/',
  webpack: 'webpack/dist/',
  esbuild: 'esbuild/dist/',
  'no bundler': 'plain/',
});

/** A block of code whose first line is a comment with the file's path. */
const BLOCK = /```(?:js|ts|html)\n(?:\/\/ |<!-- )([\w./-]+)(?: -->)?\n([\s\S]*?)```/g;

/** A page that says nothing for so long has failed. */
const LIMIT_MS = 300_000;

const PAGE =
  '<!doctype html><title>loading</title><script type="module" src="./main.js"></script>\n';

/**
 * Writes the document's files into a folder, builds each of its pages and checks its types.
 *
 * @param {{ root: string, folder: string }} places - the repository; a new folder
 * @param {Step} step
 */
export async function buildDocs({ root, folder }, step) {
  const text = readFileSync(join(root, 'docs/browser.md'), 'utf8');
  for (const [, path, code] of text.matchAll(BLOCK)) write(join(folder, path), code);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  write(join(folder, 'package.json'), '{ "type": "module" }\n');
  write(join(folder, 'names.txt'), 'emma\nolivia\nava\nisabella\nsophia\n'.repeat(20));
  for (const name of ['vite', 'webpack', 'esbuild']) write(join(folder, name, 'index.html'), PAGE);

  await step('docs, Vite builds', async () => {
    const { default: config } = await import(
      pathToFileURL(join(folder, 'vite/vite.config.js')).href
    );
    await vite({
      ...config,
      configFile: false,
      root: join(folder, 'vite'),
      base: './',
      logLevel: 'error',
    });
    return 'dist';
  });
  await step("docs, Vite without format: 'es'", async () => {
    const root = join(folder, 'vite');
    const build = { outDir: join(folder, 'unused') };
    const error = await vite({ configFile: false, root, logLevel: 'silent', build }).then(
      () => '',
      String,
    );
    if (!/iife|code-splitting/i.test(error)) throw new Error(`must fail; got ${error}`);
    return 'fails';
  });
  await step('docs, webpack builds', () => withWebpack(join(folder, 'webpack')));
  await step('docs, esbuild builds', async () => {
    execFileSync(process.execPath, ['build.mjs'], { cwd: join(folder, 'esbuild') });
    cpSync(join(folder, 'esbuild/index.html'), join(folder, 'esbuild/dist/index.html'));
    return 'dist';
  });
  for (const [version, name] of Object.entries(TYPESCRIPTS)) {
    await step(`docs, TypeScript ${version}`, async () => {
      const compiler = join(root, name, 'node_modules/typescript/bin/tsc');
      for (const resolution of RESOLUTIONS) checkTypes({ folder, compiler, resolution });
      return `no error by moduleResolution ${RESOLUTIONS.join(', ')}`;
    });
  }
}

/** Where compilers are, by version: the repository's own, and older ones, in packages of their own. */
const TYPESCRIPTS = { 5.7: 'tools/typescript-5.7', 5.9: 'tools/typescript-5.9', '6.0': '.' };

const RESOLUTIONS = ['bundler', 'nodenext', 'node16'];

/** @param {{ folder: string, compiler: string, resolution: string }} options */
function checkTypes({ folder, compiler, resolution }) {
  const config = {
    compilerOptions: {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      module: resolution === 'bundler' ? 'esnext' : resolution,
      moduleResolution: resolution,
      types: [],
    },
    files: ['app.ts'],
  };
  write(join(folder, 'types/tsconfig.json'), JSON.stringify(config));
  try {
    execFileSync(process.execPath, [compiler], {
      cwd: join(folder, 'types'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    throw new Error(/** @type {{ stdout: string }} */ (error).stdout, { cause: error });
  }
  return 'no error';
}

/** @param {string} folder */
async function withWebpack(folder) {
  const stats = await new Promise((done, failed) => {
    webpack(
      {
        context: folder,
        entry: './main.js',
        mode: 'production',
        output: { path: join(folder, 'dist') },
      },
      (error, stats) => (error ? failed(error) : done(stats)),
    );
  });
  if (stats.hasErrors()) throw new Error(stats.toString('errors-only'));
  cpSync(join(folder, 'index.html'), join(folder, 'dist/index.html'));
  return 'dist';
}

/**
 * Opens the document's pages, which train and say their loss.
 *
 * @param {Browser} browser
 * @param {string} folder - as {@link buildDocs} left it
 * @param {Step} step
 */
export async function checkDocs(browser, folder, step) {
  const site = await serve(folder);
  for (const [name, path] of Object.entries(SITES)) {
    await step(`docs, ${name}`, async () => {
      const page = await browser.newPage();
      /** @type {string[]} */
      const errors = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      await page.goto(site.address + path);
      let title = '';
      const end = performance.now() + LIMIT_MS;
      while (!/^(loss|failed)/.test(title) && errors.length === 0 && performance.now() < end) {
        await setTimeout(100);
        title = await page.title();
      }
      await page.close();
      if (!/^loss \d\.\d{4}$/.test(title)) throw new Error([title, ...errors].join('; '));
      return title;
    });
  }
  await site.stop();
}

/**
 * @param {string} path
 * @param {string} text
 */
function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
