import * as format from '../../format.js';
import { Matrix } from '../../parts/matrix.js';
import { visible } from '../../parts/visible.js';
import { t } from '../../strings/index.js';
import { Looked } from './looked.js';

/** A bigram: all that it knows. */
export function PairsPanel() {
  return (
    <Looked name="table" input={undefined}>
      {({ symbols, probabilities }) => {
        const names = symbols.map(visible);
        return (
          <>
            <p class="quiet">{t.inside.pairs.help}</p>
            <Matrix
              label={t.inside.pairs.label}
              rows={names.length}
              columns={names.length}
              rowNames={names}
              columnNames={names}
              values={probabilities}
              height={520}
              hint={t.inside.none}
              describe={(row, column, value) =>
                t.inside.pairs.cell(names[row], names[column], format.percent(value))
              }
            />
          </>
        );
      }}
    </Looked>
  );
}
