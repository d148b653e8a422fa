import type { ComponentType } from 'preact';
import { shownUse, uses } from '../../state/shown.js';
import { Tabs } from '../../parts/tabs.js';
import { t } from '../../strings/index.js';
import { CodecPart } from './codec-part.js';
import { DenoisePart } from './denoise-part.js';
import { NextPart } from './next-part.js';
import { RatesPart } from './rates-part.js';
import { SurprisePart } from './surprise-part.js';
import './use.css';
import { WritePart } from './write-part.js';

type Use = (typeof uses)[number];

const parts: Readonly<Record<Use, ComponentType>> = {
  next: NextPart,
  write: WritePart,
  surprise: SurprisePart,
  compress: CodecPart,
  denoise: DenoisePart,
  rates: RatesPart,
};

/** What a trained model is good for. One part is there at a time: the others ask for nothing. */
export function UseRoom() {
  const shown = shownUse.value;
  const Part = parts[shown];
  return (
    <div class="use">
      <Tabs
        label={t.use.tabs}
        tabs={uses.map((name) => ({ name, title: t.use.parts[name] }))}
        chosen={shown}
        onChoose={(name) => {
          shownUse.value = name;
        }}
      >
        <Part key={shown} />
      </Tabs>
    </div>
  );
}
