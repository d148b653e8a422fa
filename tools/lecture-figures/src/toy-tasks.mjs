// The table of docs/toy-tasks.md: the share of held-out questions that each preset answers right, by task.
//
//     npm run toy-tasks --workspace tools/lecture-figures [-- gpt,gru sort,parity]
import { toyTasks } from '@llm101/data';
import { resolveSettings, runTraining } from '@llm101/runs';
import { compile, startBackend } from '@llm101/wasm';

const MODELS = ['mlp', 'cnn', 'wavenet', 'gru', 'lstm', 'gpt', 'megabyte'];

const [models = MODELS, tasks = [...toyTasks.keys()]] = process.argv
  .slice(2)
  .map((names) => names.split(','));

await startBackend();
// what is measured on the way changes nothing
const quiet = { valInterval: 0, sampleInterval: 0, watchInterval: 0, samples: 0 };

console.log(`| preset | ${tasks.map((task) => `\`${task}\``).join(' | ')} | seconds |`);
console.log(`| --- | ${tasks.map(() => '--:').join(' | ')} | --: |`);
for (const model of models) {
  const shares = [];
  const startMs = performance.now();
  for (const data of tasks) {
    const { samples, ...flags } = { ...quiet, preset: `toy-${model}`, data };
    const { evaluation } = await runTraining(resolveSettings({ flags }), { compile, samples });
    shares.push(`${(100 * (evaluation.answerAccuracy ?? 0)).toFixed(1)} %`);
  }
  const seconds = (performance.now() - startMs) / 1000 / tasks.length;
  console.log(`| \`toy-${model}\` | ${shares.join(' | ')} | ${seconds.toFixed(1)} |`);
}
