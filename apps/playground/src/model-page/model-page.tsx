import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as format from '../format.js';
import { DrawingFields } from '../rooms/use/fields.js';
import { t } from '../strings/index.js';
import { dataIn, licences, type ModelFacts, openPageModel } from './engine.js';
import { NextSection } from './next-section.js';
import { SurpriseSection } from './surprise-section.js';
import { WriteSection } from './write-section.js';

const words = t.modelPage;

/** The page: what the model is, what comes next, what it writes, and what surprises it. */
export function ModelPage() {
  const facts = useSignal<ModelFacts | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  useEffect(() => {
    openPageModel().then(
      (opened) => {
        facts.value = opened;
      },
      (error: unknown) => {
        problem.value = error instanceof Error ? error.message : String(error);
      },
    );
  }, []);
  return (
    <>
      <header>
        <h1>{nameIn()}</h1>
        <p class="tagline" role="status">
          {facts.value === undefined ? words.loading : describe(facts.value)}
        </p>
      </header>
      <main>
        {problem.value !== undefined && (
          <p class="problem" role="alert">
            <strong>{words.unusable}:</strong> {problem.value}
          </p>
        )}
        {facts.value !== undefined && <Sections facts={facts.value} />}
        <About />
      </main>
    </>
  );
}

/** The model's name, as whoever exported it called it. */
const nameIn = (): string => {
  const name: unknown = JSON.parse(dataIn('name') || '""');
  return typeof name === 'string' && name !== '' ? name : words.title;
};

function describe({ kind, parameters, step, vocabSize, bytes, examples }: ModelFacts): string {
  return words.facts({
    kind,
    parameters: format.whole(parameters),
    step: format.whole(step),
    tokens: format.whole(vocabSize),
    examples: words.examples[examples],
    bytes: format.bytes(bytes),
  });
}

function Sections({ facts }: { readonly facts: ModelFacts }) {
  return (
    <div class="use">
      {facts.answerAfter !== undefined && <p class="hint">{words.answers(facts.answerAfter)}</p>}
      <div class="columns">
        <NextSection facts={facts} />
        <div class="drawing-beside">
          <DrawingFields />
        </div>
      </div>
      <WriteSection facts={facts} />
      <SurpriseSection facts={facts} />
    </div>
  );
}

function About() {
  const text = useSignal('');
  return (
    <footer>
      <p class="quiet">{words.about}</p>
      <details
        onToggle={() => {
          if (text.value === '')
            void licences().then((found) => {
              text.value = found;
            });
        }}
      >
        <summary>{words.licences}</summary>
        <pre tabIndex={0}>{text}</pre>
      </details>
    </footer>
  );
}
