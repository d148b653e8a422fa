// Trains the runs of test/code-cases.mjs, and writes their PyTorch scripts and their losses for `tools/reference/code.py`.
//
//     npm run build && node packages/runs/scripts/write-programs.mjs /tmp/programs

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadText } from '@llm101/data/node';
import { prepareData, resolveSettings, runTraining, UserError } from '@llm101/runs';
import { pytorchOf, textFacts } from '@llm101/runs/code';
import { compile, startBackend } from '@llm101/wasm';
import { ALL, rawSettingsOf, textsOf } from '../test/code-cases.mjs';

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const names = (await loadText('names')).text;
const texts = { 'names.txt': names, ...textsOf(names) };
for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);

await startBackend({ relaxedSimd: true });
const runs = [];
for (const [name, line] of Object.entries(ALL)) {
  const asked = resolveSettings({ flags: rawSettingsOf(line, folder) });
  const loaded = await loadText(asked.data);
  const own = `${asked.data.replaceAll(/\W+/g, '-')}.txt`; // the scripts' name for a text that is made
  if (asked.data.includes(':')) writeFileSync(join(folder, own), loaded.text);
  const losses = {};
  const { settings, evaluation } = await runTraining(asked, {
    compile,
    loadText,
    samples: 0,
    listeners: [
      (event) => {
        if (event.type === 'step') losses[event.step] = event.trainLoss;
      },
    ],
  });
  const facts = textFacts(await prepareData(asked, loaded));
  try {
    const file = `${runs.length}.py`;
    writeFileSync(join(folder, file), pytorchOf(settings, facts));
    runs.push({ name, file, losses, validation: evaluation.loss });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    runs.push({ name, refused: error.message });
  }
}
writeFileSync(join(folder, 'runs.json'), JSON.stringify(runs));
console.log(`${runs.length} runs in ${folder}`);
