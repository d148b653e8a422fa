#!/usr/bin/env node
// What this version of Node gets, as a line of JSON.
import { startBackend } from '@llm101/wasm';
import { longRun, onThreads, programNames, programs } from './pages/programs.mjs';

/** @import { Result } from './pages/programs.mjs' */

await startBackend();
/** @type {Record<string, Result>} */
const results = {};
for (const name of programNames) results[name] = await programs[name]();
results['long run'] = await longRun({});
results['threads'] = await onThreads();
console.log(JSON.stringify(results));
