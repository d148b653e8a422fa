import { type Signal, useSignal } from '@preact/signals';
import * as format from '../../format.js';
import { t } from '../../strings/index.js';

/** Bits from which on a colour is the next darker one. */
const LEVELS = [0.5, 1, 2, 3, 4, 6, 8] as const;

/** Parts that are coloured at most: each is an element of the page. */
const MOST_SHOWN = 10_000;

/** A text in parts, and the surprise of each. */
interface SurprisedParts {
  readonly texts: readonly string[];
  /** `[n]` NaN where the model doesn't know the part; nothing where it wasn't asked. */
  readonly bits: ArrayLike<number | undefined>;
  /** `[n]` 1 for the end of a line. */
  readonly ends?: ArrayLike<number>;
}

/** Properties of {@link SurprisedText}. */
interface SurprisedTextProps extends SurprisedParts {
  readonly label: string;
  /** What is said of a part that one points at. */
  readonly figuresOf?: (index: number) => string;
}

/** A text, coloured by surprise. Figures are beside it: a colour says nothing to who doesn't see it. */
export function SurprisedText({ label, texts, bits, ends, figuresOf }: SurprisedTextProps) {
  const pointed = useSignal<number | undefined>(undefined);
  const shown = texts.slice(0, MOST_SHOWN);
  return (
    <>
      <p
        class="surprised"
        role="group"
        aria-label={label}
        onPointerOver={({ target }) => {
          const at = target instanceof HTMLElement ? target.dataset['at'] : undefined;
          pointed.value = at === undefined ? undefined : Number(at);
        }}
      >
        {shown.map((text, i) => (
          <span key={i} data-at={i} class={classOf(bits[i])}>
            {ends?.[i] === 1 ? `⏎${text}` : text}
          </span>
        ))}
      </p>
      {texts.length > MOST_SHOWN && (
        <p class="quiet">{t.use.surprise.tooLong(format.whole(MOST_SHOWN))}</p>
      )}
      {figuresOf !== undefined && (
        <Pointed pointed={pointed} count={texts.length} figuresOf={figuresOf} />
      )}
    </>
  );
}

/** Properties of {@link Pointed}. */
interface PointedProps {
  readonly pointed: Signal<number | undefined>;
  readonly count: number;
  readonly figuresOf: (index: number) => string;
}

/** By itself, so that the text, which is long, isn't made again wherever one points. */
function Pointed({ pointed: { value: at }, count, figuresOf }: PointedProps) {
  return (
    <p class="pointed quiet" aria-hidden="true">
      {at === undefined || at >= count ? t.use.surprise.hover : figuresOf(at)}
    </p>
  );
}

function classOf(bits: number | undefined): string {
  if (bits === undefined) return '';
  if (Number.isNaN(bits)) return 'bits-unknown';
  return `bits-${LEVELS.filter((level) => bits >= level).length}`;
}

/** What the colours mean. */
export function SurpriseScale() {
  return (
    <p class="scale">
      {t.use.surprise.scale}:{' '}
      {[0, ...LEVELS].map((level, i) => (
        <span key={level} class={`bits-${i}`}>
          {i === LEVELS.length ? `${level}+` : level}
        </span>
      ))}
    </p>
  );
}
