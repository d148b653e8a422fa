import { useEffect } from 'preact/hooks';
import { Tabs } from '../../parts/tabs.js';
import { line } from '../../state/line.js';
import { run } from '../../state/runs.js';
import { type InsidePart, position, shownInside } from '../../state/shown.js';
import { t } from '../../strings/index.js';
import { ActivityPanel } from './activity-panel.js';
import { AttentionPanel } from './attention-panel.js';
import { BatchPanel } from './batch-panel.js';
import { EmbeddingPanel } from './embedding-panel.js';
import './inside.css';
import { PairsPanel } from './pairs-panel.js';
import { SeenPanel } from './seen-panel.js';
import { StatesPanel } from './states-panel.js';
import { TreePanel } from './tree-panel.js';
import { WeightsPanel } from './weights-panel.js';

const panels = {
  tree: TreePanel,
  attention: AttentionPanel,
  states: StatesPanel,
  pairs: PairsPanel,
  embedding: EmbeddingPanel,
  activity: ActivityPanel,
  weights: WeightsPanel,
  batch: BatchPanel,
} as const satisfies Readonly<Record<InsidePart, unknown>>;

/** What is particular to a kind of model. */
const OWN: Readonly<Record<string, InsidePart>> = {
  cnn: 'tree',
  wavenet: 'tree',
  mlp: 'tree',
  gpt: 'attention',
  megabyte: 'attention',
  gru: 'states',
  lstm: 'states',
  bigram: 'pairs',
};

/** The inside of the run, for a line that one types. */
export function InsideRoom() {
  const model = run.value?.facts.value?.settings.model ?? 'mlp';
  const names: readonly InsidePart[] = [OWN[model], 'embedding', 'activity', 'weights', 'batch'];
  const name = names.find((one) => one === shownInside.value) ?? names[0];
  const Panel = panels[name];
  useEffect(() => {
    position.value = undefined;
  }, [line.value, run.value]);
  return (
    <div class="inside">
      <section>
        <label class="line">
          <span>{t.inside.line}</span>
          <input
            type="text"
            value={line.value}
            maxLength={500}
            spellcheck={false}
            autocomplete="off"
            onInput={(event) => {
              line.value = event.currentTarget.value;
            }}
          />
          <small>{t.inside.lineHelp}</small>
        </label>
        <SeenPanel />
      </section>
      <Tabs
        label={t.inside.what}
        tabs={names.map((one) => ({ name: one, title: t.inside.tabs[one] }))}
        chosen={name}
        onChoose={(one) => {
          shownInside.value = one;
        }}
      >
        <Panel key={`${name} ${run.value?.id}`} />
      </Tabs>
    </div>
  );
}
