import { useComputed } from '@preact/signals';
import { Bars } from '../rooms/use/bars.js';
import { ProblemText } from '../rooms/use/fields.js';
import { LineInput } from '../rooms/use/line-input.js';
import { drawing } from '../rooms/use/use-state.js';
import { t } from '../strings/index.js';
import { problemOf } from '../worker/problem.js';
import { type ModelFacts, nextTokens } from './engine.js';
import { line } from './state.js';

/** What may come next after a text, as one types it. */
export function NextSection({ facts: { step, examples } }: { readonly facts: ModelFacts }) {
  const words = t.modelPage;
  const answer = useComputed(() => {
    try {
      return { next: { ...nextTokens(line.value, drawing.value), step } };
    } catch (error) {
      return { problem: problemOf(error) };
    }
  });
  const { next, problem } = answer.value;
  return (
    <section aria-labelledby="next">
      <h2 id="next">{t.use.parts.next}</h2>
      <LineInput
        title={t.use.next.line}
        value={line.value}
        isText={examples === 'blocks'}
        onChange={(value) => {
          line.value = value;
        }}
      />
      <p class="quiet">{words.nextHelp}</p>
      <ProblemText problem={problem} />
      {next !== undefined && <Bars next={next} />}
    </section>
  );
}
