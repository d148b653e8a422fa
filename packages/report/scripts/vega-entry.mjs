// What `bundle-vega.mjs` bundles.
export { parse, View } from 'vega';
export { compile } from 'vega-lite';
