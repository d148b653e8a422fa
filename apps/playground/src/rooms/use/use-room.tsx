import type { ComponentType } from 'preact';
import { shownUse, uses } from '../../state/shown.js';
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
      <div role="tablist" aria-label={t.use.tabs} onKeyDown={(event) => move(event)}>
        {uses.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`use-${name}`}
            aria-selected={name === shown}
            aria-controls="use-part"
            tabIndex={name === shown ? 0 : -1}
            onClick={() => {
              shownUse.value = name;
            }}
          >
            {t.use.parts[name]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="use-part" aria-labelledby={`use-${shown}`}>
        <Part key={shown} />
      </div>
    </div>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

function move(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const to = uses[(uses.indexOf(shownUse.value) + step + uses.length) % uses.length];
  shownUse.value = to;
  document.querySelector<HTMLElement>(`#use-${to}`)?.focus();
}
