/**
 * `node --import 'other-checkout.mjs?checkout=FOLDER' serve.mjs …` runs a contestant of this checkout with the packages of
 * another one: what the bench imports by a package's name is looked for from there.
 */
import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { searchParams } = new URL(import.meta.url);
const place = join(searchParams.get('checkout') ?? '', 'tools/bench/src/serve.mjs');
const bench = new URL('.', import.meta.url).href;

const hook = `export const resolve = (name, context, next) => {
  const isPackage = /^@(llm101|tensorflow)\\//.test(name);
  const isOurs = context.parentURL?.startsWith(${JSON.stringify(bench)});
  const parentURL = ${JSON.stringify(pathToFileURL(place).href)};
  return next(name, isPackage && isOurs ? { ...context, parentURL } : context);
};`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
