// node src/main.mjs [--seconds 60] [--seed 101] [--target NAME] [--case NUMBER]
import { parseArgs } from 'node:util';
import { makeTargets } from './targets.mjs';
import { tryCase } from './try-case.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '101' },
    target: { type: 'string' },
    case: { type: 'string' },
  },
});
const seed = Number(values.seed);
const all = await makeTargets();
const targets = all.filter(({ name }) => values.target === undefined || name === values.target);
if (targets.length === 0) {
  console.error(
    `fuzz: --target must be one of ${all.map(({ name }) => name).join(', ')}; got ${values.target}`,
  );
  process.exit(1);
}
console.log(`fuzz: seed ${seed}, ${values.seconds} s in all`);

for (const target of targets) {
  const endMs = performance.now() + (1000 * Number(values.seconds)) / targets.length;
  let number = Number(values.case ?? 0);
  let refused = 0;
  const first = number;
  do {
    const result = await tryCase(target, seed, number);
    if ('problem' in result) {
      console.error(`${target.name}: case ${number} of seed ${seed}: ${result.problem}`);
      console.error(`its input, as base64: ${Buffer.from(result.input).toString('base64')}`);
      console.error(
        `again: npm run fuzz -- --target '${target.name}' --seed ${seed} --case ${number}`,
      );
      process.exit(1);
    }
    if (result.refused) refused++;
    number++;
  } while (values.case === undefined && performance.now() < endMs);
  console.log(`${target.name}: ${number - first} inputs, ${refused} refused`);
}
