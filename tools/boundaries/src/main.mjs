#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { checkBoundaries } from './check-boundaries.mjs';

const { problems, files } = await checkBoundaries(
  fileURLToPath(new URL('../../..', import.meta.url)),
);
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`boundaries: ${problems.length} problems`);
  process.exitCode = 1;
} else {
  console.log(`boundaries: ${files} files, no problem`);
}
