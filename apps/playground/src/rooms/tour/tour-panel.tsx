import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { LinkedText } from '../../parts/linked-text.js';
import { follow, hrefOf } from '../../state/follow.js';
import { type LinkName, links } from '../../state/links.js';
import { ownLine } from '../../state/line.js';
import { ignored, room, tour } from '../../state/place.js';
import { run, runs } from '../../state/runs.js';
import type { PageRun } from '../../state/run.js';
import { deeds, PASTED, pasted, position, shownInside, shownUse } from '../../state/shown.js';
import { t } from '../../strings/index.js';
import { HeadQuestion } from './head-question.js';
import { add, done, forget } from './progress.js';
import {
  chapters,
  doneNow,
  formatPlace,
  parsePlace,
  type Place,
  placeBeside,
  type SeenRun,
  type View,
} from './steps.js';
import './tour.css';

const words = (): typeof t.tour => t.tour;

const go = (place: Place): void => {
  tour.value = formatPlace(place);
};

/** The step where one came from within the tour; nothing where the tour has just been opened. */
let came: string | undefined;

/** The tour: a step with something to do on the page, which it sees done. */
export function TourPanel() {
  const place = parsePlace(tour.value ?? '');
  const { chapter } = place;
  useEffect(() => {
    const { value: written } = tour;
    if (written !== undefined && written !== formatPlace(place)) {
      ignored.value = [...ignored.value, `tour=${written}`];
      go(place);
    }
    return () => void (came = undefined);
  }, []);
  useEffect(() => effect(() => add(doneNow(chapter, viewNow()))), [chapter]);
  return (
    <aside class="tour" aria-label={words().title}>
      <label>
        <span class="unseen">{words().question}</span>
        <select
          value={chapter}
          onChange={({ currentTarget }) => go({ chapter: Number(currentTarget.value), step: 0 })}
        >
          {chapters.map(({ id }, i) => (
            <option key={id} value={i}>
              {i + 1}. {words().chapters[id]}
            </option>
          ))}
        </select>
      </label>
      <div class="row">
        <Steps place={place} />
        <button
          type="button"
          class="quiet"
          aria-label={words().close}
          onClick={() => {
            tour.value = undefined;
          }}
        >
          ✕
        </button>
      </div>
      <Step key={formatPlace(place)} place={place} />
    </aside>
  );
}

function Steps({ place: { chapter, step } }: { readonly place: Place }) {
  return (
    <ol class="steps">
      {chapters[chapter].steps.map(({ id }, i) => (
        <li key={id}>
          <button
            type="button"
            aria-current={i === step ? 'step' : undefined}
            aria-label={words().stepOf(i + 1, words().steps[id].title, done.value.has(id))}
            onClick={() => go({ chapter, step: i })}
          >
            {done.value.has(id) ? '✓' : i + 1}
          </button>
        </li>
      ))}
    </ol>
  );
}

function Step({ place }: { readonly place: Place }) {
  const { id } = chapters[place.chapter].steps[place.step];
  const { title, text, task, after: insight } = words().steps[id];
  const isDone = done.value.has(id);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (came !== undefined) heading.current?.focus();
    came = formatPlace(place);
  }, []);
  const [before, after] = [placeBeside(place, -1), placeBeside(place, 1)];
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <p>
        <Sentence text={text} />
      </p>
      <p class="task" data-done={isDone}>
        <span class="mark" aria-hidden="true">
          {isDone ? '✓' : '○'}
        </span>
        <span>
          <Sentence text={task} />
        </span>
      </p>
      {id === 'head' && <HeadQuestion />}
      <p role="status" class="state-of-step">
        {isDone ? words().done : words().toDo}
      </p>
      {isDone && (
        <p class="then">
          <Sentence text={insight} />
        </p>
      )}
      <div class="row">
        <button type="button" disabled={before === undefined} onClick={() => before && go(before)}>
          {words().back}
        </button>
        <button
          type="button"
          class={isDone ? 'main' : undefined}
          disabled={after === undefined}
          onClick={() => after && go(after)}
        >
          {words().next}
        </button>
        {done.value.size > 0 && (
          <button
            type="button"
            onClick={() => {
              deeds.value = new Set();
              forget();
              go({ chapter: 0, step: 0 });
            }}
          >
            {words().forget}
          </button>
        )}
      </div>
      {after === undefined && isDone && <p>{words().end}</p>}
    </>
  );
}

function Sentence({ text }: { readonly text: string }) {
  return (
    <LinkedText
      text={text}
      hrefOf={(name: LinkName) => hrefOf(links[name], tour.value)}
      onFollow={(name) => follow(links[name])}
    />
  );
}

/** The page as it is; an effect that reads it runs again when something of it changes. */
function viewNow(): View {
  const seen = new Map<PageRun, SeenRun>(
    runs.value.flatMap((one) => {
      const found = seenOf(one);
      return found === undefined ? [] : [[one, found]];
    }),
  );
  return {
    room: room.value,
    inside: shownInside.value,
    use: shownUse.value,
    line: ownLine.value,
    position: position.value,
    hasOwnText: pasted.value !== PASTED,
    runs: [...seen.values()],
    run: run.value && seen.get(run.value),
    deeds: deeds.value,
  };
}

function seenOf({ facts, step, validations }: PageRun): SeenRun | undefined {
  const { settings } = facts.value ?? {};
  if (settings === undefined) return undefined;
  return {
    settings,
    step: step.value,
    validations: validations.value.map(({ evaluation }) => evaluation),
  };
}
