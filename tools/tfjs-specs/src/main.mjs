/** Runs the specs and prints what is wrong. */
import excluded from './excluded.json' with { type: 'json' };
import { problems, runSpecs } from './run-specs.mjs';

const results = await runSpecs();
const found = problems(results, excluded);
const passed = results.filter(({ status }) => status === 'passed').length;
for (const problem of found) console.log(problem);
console.log(`${passed} of ${results.length} specs pass, ${found.length} problems`);
if (found.length > 0) process.exitCode = 1;
