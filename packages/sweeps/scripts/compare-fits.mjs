// Fits each cut of a table that tools/reference/scaling.py ground to its bottom by SciPy; ends with 1 where one of ours is higher.
import { readFileSync } from 'node:fs';
import { fitScalingLaw } from '../dist/index.js';

const [table, cuts] = process.argv.slice(2);
const [head, ...lines] = readFileSync(table, 'utf8').trim().split('\n');
const names = head.split(',');
const rows = lines.map((line) => {
  const cells = line.split(',');
  const of = (name) => Number(cells[names.indexOf(name)]);
  const parameters = of('Model Size');
  return { parameters, tokens: of('Training FLOP') / (6 * parameters), loss: of('loss') };
});

let failures = 0;
for (const cut of JSON.parse(readFileSync(cuts, 'utf8'))) {
  const [ofN, ofD] = cut.units;
  const points = cut.rows.map((i) => ({
    parameters: rows[i].parameters * ofN,
    tokens: rows[i].tokens * ofD,
    loss: rows[i].loss,
  }));
  const start = performance.now();
  const { sum, law, doubts } = fitScalingLaw(points);
  const ms = performance.now() - start;
  const isAsLow = sum <= cut.sum * (1 + 1e-9);
  if (!isAsLow) failures++;
  const { E, A, B, alpha, beta } = law;
  const numbers = [E, A, B, alpha, beta].map((value) => value.toPrecision(5)).join(' ');
  console.log(
    `${isAsLow ? 'ok' : 'HIGHER'} ${cut.name}: ${points.length} points, ours ${sum.toPrecision(9)}, SciPy's ${cut.sum.toPrecision(9)}, ` +
      `${(sum / cut.sum - 1).toExponential(1)}; ${numbers}; ${ms.toFixed(0)} ms${doubts.map((doubt) => `; ${doubt}`).join('')}`,
  );
}
process.exitCode = failures > 0 ? 1 : 0;
