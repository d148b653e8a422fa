import { useRef } from 'preact/hooks';
import * as format from '../format.js';
import { Later } from '../parts/later.js';
import { run, startLike, startRun } from '../state/runs.js';
import type { PageRun } from '../state/run.js';
import { t } from '../strings/index.js';

/** Controls and figures of the run that is looked at; above every room. */
export function RunBar() {
  const shown = run.value;
  return (
    <section class="run-bar" aria-label={t.controls.label}>
      {shown !== undefined && <Controls run={shown} />}
      {shown !== undefined && <Figures run={shown} />}
      {shown !== undefined && <Summary key={shown.id} run={shown} />}
    </section>
  );
}

function Controls({ run: shown }: { readonly run: PageRun }) {
  const state = shown.state.value;
  const isOver = !['loading', 'running', 'paused'].includes(state);
  return (
    <div class="controls">
      {state === 'paused' ? (
        <button type="button" class="main" onClick={() => shown.resume()}>
          {t.controls.resume}
        </button>
      ) : (
        <button
          type="button"
          class="main"
          disabled={state !== 'running'}
          onClick={() => shown.pause()}
        >
          {t.controls.pause}
        </button>
      )}
      <button
        type="button"
        disabled={isOver || state === 'loading'}
        onClick={() => shown.stepBy(1)}
      >
        {t.controls.step}
      </button>
      <button
        type="button"
        disabled={isOver || state === 'loading'}
        onClick={() => shown.stepBy(100)}
      >
        {t.controls.steps(100)}
      </button>
      <button type="button" disabled={isOver || state === 'loading'} onClick={() => shown.stop()}>
        {t.controls.stop}
      </button>
      <button type="button" onClick={() => startRun()}>
        {t.controls.restart}
      </button>
      <span class="state" data-state={state}>
        {t.states[state]}
      </span>
      {state !== 'running' && shown.savedStep.value === shown.step.value && (
        <small class="kept">{t.figures.saved(format.whole(shown.step.value))}</small>
      )}
      {shown.problem.value !== undefined && (
        <p class="problem" role="alert">
          {shown.problem.value.message}{' '}
          {shown.problem.value.name === 'DivergenceError' ? (
            <LowerRate run={shown} />
          ) : (
            <Later load={loadAdvised} />
          )}
        </p>
      )}
      <Warnings run={shown} />
    </div>
  );
}

/** What to do about a loss that is no number any more: the same run with a tenth of the learning rate. */
function LowerRate({ run: shown }: { readonly run: PageRun }) {
  const { settings } = shown.facts.value ?? {};
  if (settings === undefined) return null;
  const lr = Number((settings.lr / 10).toPrecision(3));
  return (
    <button type="button" onClick={() => startLike(shown, { lr })}>
      {t.controls.lowerRate(format.rate(lr))}
    </button>
  );
}

/** What the command advises, where that is a setting. */
const loadAdvised = async () => (await import('./advised.js')).Advised;

/** What goes wrong without ending the run: most often that the browser can't keep it. */
function Warnings({ run: { warnings } }: { readonly run: PageRun }) {
  if (warnings.value.length === 0) return null;
  const full = t.kept.failed(t.kept.full);
  const isFull = warnings.value.some((one) => one.includes('QuotaExceededError'));
  const messages = new Set([...warnings.value, ...(isFull ? [full] : [])]);
  return (
    <div class="notice warnings" role="status" aria-label={t.kept.warnings}>
      {[...messages].map((message) => (
        <p key={message}>{message}</p>
      ))}
    </div>
  );
}

function Figures({ run: shown }: { readonly run: PageRun }) {
  const facts = shown.facts.value;
  const step = shown.step.value;
  const last = shown.validations.value.at(-1);
  const speed = shown.stepsPerSecond.value;
  const left = facts === undefined ? NaN : (facts.settings.maxSteps - step) / speed;
  const fingerprint = shown.fingerprint.value;
  return (
    <dl class="figures" aria-label={t.figures.label}>
      <Figure
        name={t.figures.step}
        value={format.whole(step)}
        more={facts && t.figures.ofSteps(format.whole(facts.settings.maxSteps))}
        id="step"
      />
      <Figure
        name={t.figures.trainLoss}
        value={format.loss(shown.trainLoss.value)}
        title={t.figures.trainLossHelp}
        id="train-loss"
      />
      <Figure
        name={t.figures.valLoss}
        value={format.loss(last?.evaluation.loss)}
        more={last && t.figures.right(format.percent(last.evaluation.accuracy))}
        title={t.figures.accuracy}
        id="val-loss"
      />
      {last?.evaluation.answerAccuracy !== undefined && (
        <Figure
          name={t.figures.answers}
          value={format.percent(last.evaluation.answerAccuracy)}
          title={t.figures.answersHelp}
          id="answers"
        />
      )}
      <Figure name={t.figures.rate} value={format.rate(shown.learningRate.value)} id="rate" />
      <Figure
        name={t.figures.speed}
        value={speed === 0 ? '–' : format.whole(Math.round(speed))}
        more={facts?.adapter}
        id="speed"
      />
      <Figure
        name={t.figures.elapsed}
        value={step === 0 ? '–' : format.duration(shown.seconds.value)}
        more={shown.state.value === 'running' ? t.figures.left(format.duration(left)) : undefined}
        id="elapsed"
      />
      <Figure
        name={t.figures.parameters}
        value={facts === undefined ? '–' : format.whole(facts.parameters)}
        id="parameters"
      />
      <Figure
        name={t.figures.fingerprint}
        value={fingerprint === undefined ? '–' : fingerprint.sha256.slice(0, 8)}
        title={fingerprint && t.figures.fingerprintHelp(format.whole(fingerprint.step))}
        id="fingerprint"
      />
    </dl>
  );
}

/** Properties of {@link Figure}. */
interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly more?: string | undefined;
  readonly title?: string | undefined;
  readonly id: string;
}

function Figure({ name, value, more, title, id }: FigureProps) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd data-figure={id}>
        {value} {more !== undefined && <small>{more}</small>}
      </dd>
    </div>
  );
}

/** Milliseconds between two summaries. */
const SUMMARY_MS = 10_000;

/** What a screen reader says now and then; the figures themselves would drown it. */
function Summary({ run: shown }: { readonly run: PageRun }) {
  const last = useRef({ atMs: -Infinity, text: '' });
  const validation = shown.validations.value.at(-1);
  const isLate = performance.now() - last.current.atMs > SUMMARY_MS;
  if (validation !== undefined && (isLate || shown.state.value !== 'running')) {
    const { step, evaluation } = validation;
    const text = t.figures.summary(
      format.whole(step),
      format.loss(shown.trainLoss.peek()),
      format.loss(evaluation.loss),
    );
    last.current = { atMs: performance.now(), text };
  }
  return (
    <p class="unseen" aria-live="polite">
      {last.current.text}
    </p>
  );
}
