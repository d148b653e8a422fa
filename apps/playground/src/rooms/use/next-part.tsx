import { useComputed, useSignal } from '@preact/signals';
import { Canvas, type Pen } from '../../charts/canvas.js';
import * as format from '../../format.js';
import type { Problem } from '../../protocol.js';
import { visible } from '../../parts/visible.js';
import { line } from '../../state/line.js';
import { run } from '../../state/runs.js';
import type { PageRun } from '../../state/run.js';
import { t } from '../../strings/index.js';
import type { NextOutput } from '../../use-requests.js';
import { Bars, nameOf } from './bars.js';
import { DrawingFields, ProblemText } from './fields.js';
import { LineInput } from './line-input.js';
import { problemOf, useFollowed } from './follow.js';
import { drawing, drawn } from './use-state.js';

/** Draws of the run that is looked at; another run has other tokens. */
const drawsOf = (shown: PageRun | undefined): readonly NextOutput[] =>
  drawn.value.runId === shown?.id ? drawn.value.draws : [];

/** What the run is asked: the end of a line, where it was drawn, isn't part of the text. */
function askNext(shown: PageRun): Promise<NextOutput> {
  const tokens = drawsOf(shown).flatMap(({ draw: { token } }) =>
    token.isEnd ? [] : [token.token],
  );
  return shown.ask('next', { text: line.value, drawing: drawing.value, drawn: tokens });
}

function change(value: string): void {
  line.value = value;
  drawn.value = { runId: '', draws: [] };
}

/** What may come next after a text, as one types it, and draws from it, one by one. */
export function NextPart() {
  const words = t.use.next;
  const { answer, problem } = useFollowed({
    typed: () => [line.value, drawing.value, drawn.value, run.value, run.value?.facts.value],
    learned: () => run.value?.frame.value,
    intervalMs: 100,
    ask: () => (run.value?.facts.value === undefined ? undefined : askNext(run.value)),
  });
  if (run.value === undefined) return <p>{t.use.noRun}</p>;
  const isText = run.value.facts.value?.settings.examples === 'blocks';
  return (
    <div class="columns">
      <div>
        <p class="quiet">{words.help}</p>
        <LineInput title={words.line} value={line.value} isText={isText} onChange={change} />
        <ProblemText problem={problem.value} />
        {answer.value !== undefined && <Bars next={answer.value} />}
      </div>
      <div>
        <DrawingFields />
        <Draws run={run.value} />
      </div>
    </div>
  );
}

function Draws({ run: shown }: { readonly run: PageRun }) {
  const words = t.use.next;
  const problem = useSignal<Problem | undefined>(undefined);
  const isBusy = useSignal(false);
  const draws = useComputed(() => drawsOf(run.value));
  const last = draws.value.at(-1);
  const hasEnded = last?.draw.token.isEnd === true;
  const drawOne = async (): Promise<void> => {
    isBusy.value = true;
    try {
      const found = await askNext(shown);
      drawn.value = { runId: shown.id, draws: [...draws.value, found] };
      problem.value = undefined;
    } catch (error) {
      problem.value = problemOf(error);
    }
    isBusy.value = false;
  };
  const keep = (count: number): void => {
    drawn.value = { runId: shown.id, draws: draws.value.slice(0, count) };
  };
  const { length } = draws.value;
  return (
    <section class="draws">
      <div class="row">
        <button
          type="button"
          class="main"
          aria-disabled={isBusy.value || hasEnded}
          onClick={() => {
            if (!isBusy.value && !hasEnded) void drawOne();
          }}
        >
          {words.drawOne}
        </button>
        <button type="button" disabled={length === 0} onClick={() => keep(length - 1)}>
          {words.back}
        </button>
        <button type="button" disabled={length === 0} onClick={() => keep(0)}>
          {words.clear}
        </button>
      </div>
      <ProblemText problem={problem.value} />
      <Canvas label={words.strip} height={46} draw={(pen) => drawStrip(pen, draws.value.at(-1))} />
      <p class="drawn-result" role="status">
        {last !== undefined && words.result(last.draw.u.toFixed(4), nameOf(last.draw.token))}{' '}
        {hasEnded && words.ended}
      </p>
      <p class="kept">
        <span class="quiet">{words.kept}: </span>
        <code>
          {line.value}
          {draws.value.map(({ draw: { token } }, i) => (
            <mark key={i} title={format.percent(token.probability)}>
              {token.isEnd ? '⏎' : token.text}
            </mark>
          ))}
        </code>
      </p>
    </section>
  );
}

/** The parts of [0, 1) that tokens have, in their order, and where the random number lies. */
function drawStrip({ context, width, height, color }: Pen, last: NextOutput | undefined): void {
  const top = 12;
  context.strokeStyle = color('line');
  context.strokeRect(0.5, top + 0.5, width - 1, height - top - 1);
  if (last === undefined) return;
  const { tokens, draw } = last;
  const possible = tokens.filter((token) => token.drawn > 0).toSorted((a, b) => a.token - b.token);
  context.font = '12px ui-monospace, monospace';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  let from = 0;
  for (const [i, token] of possible.entries()) {
    const [x, wide] = [from * width, token.drawn * width];
    from += token.drawn;
    const isDrawn = token.token === draw.token.token;
    context.globalAlpha = isDrawn ? 1 : i % 2 === 0 ? 0.3 : 0.15;
    context.fillStyle = color(isDrawn ? 'accent' : 'series-1');
    context.fillRect(x, top, wide, height - top);
    context.globalAlpha = 1;
    context.fillStyle = color(isDrawn ? 'surface' : 'text');
    const name = token.isEnd ? '⏎' : visible(token.text);
    if (wide > 6 + 7 * name.length) context.fillText(name, x + wide / 2, (top + height) / 2);
  }
  context.fillStyle = color('text');
  context.beginPath();
  context.moveTo(draw.u * width, top + 2);
  context.lineTo(draw.u * width - 5, 1);
  context.lineTo(draw.u * width + 5, 1);
  context.fill();
  context.fillRect(draw.u * width - 0.5, top, 1, height - top);
}
