import { useEffect } from 'preact/hooks';
import * as format from '../../format.js';
import type { SeenLine } from '../../looks.js';
import { visible } from '../../parts/visible.js';
import { line } from '../../state/line.js';
import { position } from '../../state/shown.js';
import { t } from '../../strings/index.js';
import { seenLine } from './look.js';
import { Looked } from './looked.js';

/** The line by its tokens, one of which is looked at, and what the model sees there. */
export function SeenPanel() {
  return (
    <div class="seen-panel">
      <Looked name="seen" input={{ line: line.value }}>
        {(seen) => <Seen seen={seen} />}
      </Looked>
    </div>
  );
}

function Seen({ seen: look }: { readonly seen: SeenLine }) {
  const { texts, positions, isCut, form } = look;
  useEffect(() => {
    seenLine.value = look;
  }, [look]);
  const at = Math.min(position.value ?? texts.length - 1, texts.length - 1);
  const { seen, target, probability, guesses } = positions[at];
  const filling = fillingOf(seen);
  return (
    <>
      <div class="tokens" role="group" aria-label={t.inside.position}>
        {texts.map((text, i) => (
          <button
            key={i}
            type="button"
            class="token"
            aria-pressed={i === at}
            aria-label={t.inside.positionOf(i, visible(text))}
            onClick={() => {
              position.value = i;
            }}
          >
            {visible(text)}
          </button>
        ))}
      </div>
      {isCut && <p class="quiet">{t.inside.cut(texts.length)}</p>}
      <h2>{t.inside.sees}</h2>
      <p class="quiet">
        {form === 'windows' ? t.inside.window(seen.length) : t.inside.row(seen.length)}
      </p>
      <div class="window" role="group" aria-label={t.inside.sees} tabIndex={0}>
        {filling > 0 && (
          <span class="token">
            {visible(seen[0])} × {filling}
          </span>
        )}
        {seen.slice(filling).map((text, i) => (
          <span key={i} class="token">
            {visible(text)}
          </span>
        ))}
        <span class="token next">{target === undefined ? '?' : visible(target)}</span>
      </div>
      <p class="outcome">
        {target !== undefined && t.inside.next(visible(target), format.percent(probability))}{' '}
        {t.inside.guesses}:{' '}
        {guesses.map(({ text, probability: share }) => (
          <span key={text} class="guess">
            <b>{visible(text)}</b> {format.percent(share)}
          </span>
        ))}
      </p>
    </>
  );
}

/** Tokens that a window shows one by one, whatever they are. */
const SHORT = 24;

/** How many tokens fill a long window before its text, all alike. */
function fillingOf(seen: readonly string[]): number {
  if (seen.length <= SHORT) return 0;
  const first = seen.findIndex((text) => text !== seen[0]);
  return Math.max(0, (first === -1 ? seen.length : first) - 1);
}
