import { signal } from '@preact/signals';
import { Matrix } from '../../parts/matrix.js';
import { number } from '../../parts/visible.js';
import { t } from '../../strings/index.js';
import { Looked } from './looked.js';

const chosen = signal<string | undefined>(undefined);

/** Weights as a picture. */
export function WeightsPanel() {
  return (
    <Looked name="weights" input={{ name: chosen.value }}>
      {({ tensors, name, shape, rows, columns, values, isCut }) => {
        const [least, most] = rangeOf(values);
        return (
          <>
            <label class="row">
              {t.inside.weights.which}
              <select
                value={name}
                onChange={(event) => {
                  chosen.value = event.currentTarget.value;
                }}
              >
                {tensors.map((one) => (
                  <option key={one.name} value={one.name}>
                    {one.name} [{one.shape.join(', ')}]
                  </option>
                ))}
              </select>
              <span class="quiet">
                {t.inside.weights.range(number(least), number(most))}
                {isCut && ` ${t.inside.weights.cut}`}
              </span>
            </label>
            <p class="quiet">{t.inside.weights.help}</p>
            <Matrix
              label={t.inside.weights.label(name, `[${shape.join(', ')}]`)}
              rows={rows}
              columns={columns}
              values={values}
              height={520}
              hint={t.inside.none}
              describe={(row, column, value) =>
                t.inside.weights.cell(row, column, String(Number(value.toPrecision(7))))
              }
            />
          </>
        );
      }}
    </Looked>
  );
}

function rangeOf(values: Float32Array): [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
