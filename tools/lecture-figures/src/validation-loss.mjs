import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { curveChart } from '@llm101/report';
import { readRun } from '@llm101/report/node';

/** Draws docs/figures/06-validation-loss.svg of runs: `node src/validation-loss.mjs MLP=runs/mlp CNN=runs/cnn WaveNet=runs/wavenet`. */
const series = process.argv.slice(2).map((argument) => {
  const [name, folder] = argument.split('=');
  const points = readRun(folder).metrics.flatMap(({ step, valLoss }) =>
    valLoss === undefined ? [] : [{ step, value: valLoss }],
  );
  return { name, points };
});
const label = 'Validation loss, in nats a character';
const titles = { x: 'step', y: 'nats a character' };
const path = fileURLToPath(
  new URL('../../../docs/figures/06-validation-loss.svg', import.meta.url),
);
writeFileSync(path, `${await curveChart({ label, series, titles })}\n`);
console.log(path);
