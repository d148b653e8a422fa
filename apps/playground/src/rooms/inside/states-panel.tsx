import { Matrix } from '../../parts/matrix.js';
import { number, visible } from '../../parts/visible.js';
import { line } from '../../state/line.js';
import { t } from '../../strings/index.js';
import type { LayerStates } from '../../looks.js';
import { Looked } from './looked.js';

/** States and gates of a GRU or an LSTM, position by position. */
export function StatesPanel() {
  return (
    <Looked name="states" input={{ line: line.value }}>
      {({ texts, layers }) => (
        <>
          <p class="quiet">
            {t.inside.states.help} {t.inside.none}
          </p>
          {layers.map((layer, i) => (
            <Layer key={i} layer={layer} number={i + 1} texts={texts.map(visible)} />
          ))}
        </>
      )}
    </Looked>
  );
}

/** Properties of {@link Layer}. */
interface LayerProps {
  readonly layer: LayerStates;
  readonly number: number;
  readonly texts: readonly string[];
}

function Layer({ layer: { hiddenSize: H, values }, number: layer, texts }: LayerProps) {
  return (
    <div class="states">
      {values.map(({ name, values: byPosition }) => {
        const title = t.inside.states.title(layer, t.inside.states.names[name] ?? name);
        const T = byPosition.length / H;
        return (
          <section key={name}>
            <h2>{title}</h2>
            <Matrix
              label={title}
              rows={H}
              columns={T}
              columnNames={texts}
              values={turned(byPosition, T, H)}
              most={1}
              height={260}
              hint=""
              describe={(unit, at, value) => t.inside.states.cell(unit, texts[at], number(value))}
            />
          </section>
        );
      })}
    </div>
  );
}

/** `[T, H]` as `[H, T]`. */
function turned(values: Float32Array, T: number, H: number): Float32Array {
  const other = new Float32Array(values.length);
  for (let i = 0; i < T; i++) for (let h = 0; h < H; h++) other[h * T + i] = values[i * H + h];
  return other;
}
