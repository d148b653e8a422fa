import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { serve } from '../src/serve.js';

/** A folder with a page, another beside it, and a secret above both. */
function folders(): { readonly above: string; readonly site: string; readonly texts: string } {
  const above = mkdtempSync(join(tmpdir(), 'llm101-serve-'));
  onTestFinished(() => rmSync(above, { recursive: true }));
  const [site, texts] = ['site', 'texts'].map((name) => join(above, name));
  mkdirSync(site);
  mkdirSync(texts);
  writeFileSync(join(above, 'secret'), 'secret');
  writeFileSync(join(site, 'index.html'), 'a page');
  writeFileSync(join(texts, 'own.txt'), 'a text');
  return { above, site, texts };
}

/** The status of an answer to a path as it is: `fetch` would resolve it first. */
const statusOf = (address: string, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    const asked = request({ hostname, port, path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject).end();
  });

it('serves files with their types and its headers, and other folders below a path', async () => {
  const { site, texts } = folders();
  const served = await serve(site, { headers: { 'x-own': 'yes' }, folders: { '/texts/': texts } });
  const page = await fetch(served.address);
  expect([await page.text(), page.headers.get('content-type'), page.headers.get('x-own')]).toEqual([
    'a page',
    'text/html; charset=utf-8',
    'yes',
  ]);
  expect(await (await fetch(`${served.address}texts/own.txt`)).text()).toBe('a text');
  const missing = await fetch(`${served.address}own.txt`);
  expect([missing.status, missing.headers.get('x-own')]).toEqual([404, 'yes']);
  await served.stop();
  await served.stop(); // what has stopped may be stopped again
  await expect(fetch(served.address)).rejects.toThrow('fetch failed');
});

it('gives nothing from outside of its folder', async () => {
  const { site } = folders();
  const served = await serve(site);
  for (const path of ['/../secret', '/%2e%2e/secret', '/..%2fsecret', '/%00', '/%']) {
    expect([path, await statusOf(served.address, path)]).toEqual([path, 404]);
  }
  await served.stop();
});

it('is written to where that is allowed', async () => {
  const { site } = folders();
  for (const writable of [true, false]) {
    const served = await serve(site, { writable });
    const path = `new/${String(writable)}`;
    await fetch(`${served.address}${path}`, { method: 'PUT', body: 'bytes' });
    expect(existsSync(join(site, path))).toBe(writable);
    await served.stop();
  }
  expect(readFileSync(join(site, 'new/true'), 'utf8')).toBe('bytes');
});
