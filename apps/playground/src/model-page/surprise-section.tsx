import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Problem } from '../protocol.js';
import { ProblemText, Progress } from '../rooms/use/fields.js';
import { type FoundSurprise, SurpriseResult } from '../rooms/use/surprise-result.js';
import { t } from '../strings/index.js';
import type { Done } from '../use-requests.js';
import { problemOf } from '../worker/problem.js';
import { surprise } from '../worker/requests/use/surprise.js';
import type { ModelFacts } from './engine.js';

/** Milliseconds after which what was typed counts. */
const SETTLED_MS = 200;

/** How surprising each character of a text is to the model. */
export function SurpriseSection({ facts: { step } }: { readonly facts: ModelFacts }) {
  const words = t.use.surprise;
  const text = useSignal('');
  const found = useSignal<FoundSurprise | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const done = useSignal<Done | undefined>(undefined);
  const abort = useRef(new AbortController());
  const find = async (signal: AbortSignal): Promise<void> => {
    const startMs = performance.now();
    const tell = (progress: Done): void => {
      if (performance.now() - startMs > 300) done.value = progress; // nothing flickers
    };
    try {
      const { output } = await surprise({ text: text.value }, undefined, { signal, tell });
      signal.throwIfAborted();
      found.value = { ...output, step };
      problem.value = undefined;
    } catch (error) {
      if (!signal.aborted) problem.value = problemOf(error);
    }
    if (!signal.aborted) done.value = undefined;
  };
  useEffect(() => {
    abort.current.abort();
    const { signal } = (abort.current = new AbortController());
    done.value = undefined;
    if (text.value === '') {
      found.value = undefined;
      return undefined;
    }
    const timer = setTimeout(() => void find(signal), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text.value]);
  return (
    <section aria-labelledby="surprise">
      <h2 id="surprise">{t.use.parts.surprise}</h2>
      <p class="quiet">{words.help}</p>
      <label class="wide">
        {words.text}
        <textarea
          rows={5}
          value={text.value}
          spellcheck={false}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
        />
      </label>
      {done.value !== undefined && (
        <Progress
          label={t.use.parts.surprise}
          done={done.value}
          onCancel={() => {
            abort.current.abort();
            done.value = undefined;
          }}
        />
      )}
      <ProblemText problem={problem.value} />
      {found.value !== undefined && <SurpriseResult found={found.value} />}
    </section>
  );
}
