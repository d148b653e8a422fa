// Runs on a GPU that is software, in Chromium.
import { serve } from '@tools/browsers/serve';
import { join } from 'node:path';
import { start } from './browsers.mjs';
import { bundlePages } from './bundle.mjs';
import { ask, open } from './page.mjs';

/** @import { Browser } from 'puppeteer-core' */
/** @import { Step } from './check-browser.mjs' */
/** @import { lostAndResumed, runsOnGpu, thousandSteps } from './pages/on-gpu.mjs' */

const SOFTWARE = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/**
 * @param {string} path - Chromium's
 * @param {string} pages - the folder of the bundled pages
 * @param {Step} step
 */
export async function checkGpu(path, pages, step) {
  const browser = await start('chromium', path, SOFTWARE);
  const site = await serve(pages);
  try {
    const page = await open(browser, site.address);
    /** @param {import('./pages/tasks.mjs').Task} task */
    const onPage = (task) => ask(page, 'onPage', task);
    await step('models on a GPU, in a worker', async () => {
      const { description, runs } = /** @type {Awaited<ReturnType<typeof runsOnGpu>>} */ (
        await ask(page, 'inWorker', { task: 'gpu', what: 'runs' })
      );
      for (const { kind, apart, isSame } of runs) {
        if (!(apart < 1e-5)) throw new Error(`${kind}: a loss is ${apart} off wasm's`);
        if (!isSame) throw new Error(`${kind}: other bytes the second time`);
      }
      const kinds = runs.map(({ kind }) => kind).join(', ');
      return `${kinds}: losses of wasm to 1e-5, twice the same bytes, on ${description}`;
    });
    await step('a GPU that is lost, and a run that goes on without', async () => {
      const { error, resumedAt, apart } =
        /** @type {Awaited<ReturnType<typeof lostAndResumed>>} */ (
          await onPage({ task: 'gpu', what: 'lost' })
        );
      if (!/^the GPU \(.*\) is lost: /.test(error)) throw new Error(`got the error ${error}`);
      if (resumedAt !== 40) throw new Error(`must go on behind step 40; got ${resumedAt}`);
      if (!(apart < 1e-4)) throw new Error(`its last loss is ${apart} off that of wasm alone`);
      return `goes on behind step 40, ${apart.toExponential(1)} off wasm`;
    });
    await step('a thousand steps on a GPU', async () => {
      const { made, sum } = /** @type {Awaited<ReturnType<typeof thousandSteps>>} */ (
        await onPage({ task: 'gpu', what: 'thousand' })
      );
      if (made !== 0 || sum !== 1001) throw new Error(`${made} buffers were made, sum ${sum}`);
      return 'no buffer is made';
    });
    await step('a step that is too large for a GPU', async () => {
      const error = String(await onPage({ task: 'gpu', what: 'too large' }));
      if (!error.startsWith('GpuError: compile: a tensor may have 128 MiB on this GPU'))
        throw new Error(`got ${error}`);
      return error;
    });
    await step('kernels on a GPU', () => kernels(browser, join(pages, 'kernels')));
  } finally {
    await browser.close();
    await site.stop();
  }
}

/**
 * @param {Browser} browser
 * @param {string} folder - where the page may be bundled
 */
async function kernels(browser, folder) {
  await bundlePages(folder, 'kernels');
  const site = await serve(folder);
  try {
    const page = await open(browser, site.address);
    const found = await ask(page, 'onPage');
    const { count, problems } = /** @type {{ count: number, problems: string[] }} */ (found);
    if (problems.length > 0) throw new Error(problems.slice(0, 4).join('; '));
    return `${count} rows of the table, as their scalar twins`;
  } finally {
    await site.stop();
  }
}
