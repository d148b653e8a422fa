/**
 * Runs the bundle with jasmine in this process and writes what became of each spec, a list of `SpecResult`:
 * `node jasmine.mjs <bundle.cjs> <results.json>`. Each suite of the specs resets the engine and sets the backend by its name.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);
const [, , bundle, results] = process.argv;

const jasmine = require('jasmine-core').boot(require('jasmine-core')); // makes describe and it global
jasmine.DEFAULT_TIMEOUT_INTERVAL = 120_000; // for busy machines
const env = jasmine.getEnv();
env.configure({ random: false });

/** @type {import('./run-specs.mjs').SpecResult[]} */
const specs = [];
env.addReporter({
  /** @param {{ fullName: string, status: 'passed', failedExpectations: { message: string }[] }} spec */
  specDone({ fullName, status, failedExpectations }) {
    specs.push({
      name: fullName,
      status,
      failures: failedExpectations.map(({ message }) => message),
    });
  },
  jasmineDone() {
    writeFileSync(results, JSON.stringify(specs));
  },
});

const { startBackend } = require(bundle);
const wasm = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
await startBackend({ wasmPaths: `${wasm}/dist/` });
await env.execute();
