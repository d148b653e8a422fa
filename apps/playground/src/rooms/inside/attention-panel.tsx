import * as format from '../../format.js';
import type { AttentionMap } from '../../looks.js';
import { Matrix } from '../../parts/matrix.js';
import { visible } from '../../parts/visible.js';
import { line } from '../../state/line.js';
import { position } from '../../state/shown.js';
import { t } from '../../strings/index.js';
import { Looked } from './looked.js';

/** What each head of each layer attends to. */
export function AttentionPanel() {
  const input = { line: line.value, position: position.value ?? Infinity };
  return (
    <Looked name="attention" input={{ ...input, position: Math.min(input.position, 1e6) }}>
      {(maps) => (
        <>
          <p class="quiet">
            {t.inside.attention.help} {t.inside.none}
          </p>
          {maps.map((map) => (
            <Layer key={`${map.part} ${map.number}`} map={map} />
          ))}
        </>
      )}
    </Looked>
  );
}

function Layer({ map: { part, number, heads, labels, values } }: { readonly map: AttentionMap }) {
  const T = labels.length;
  const names = labels.map(visible);
  const title = t.inside.attention.parts[part](number);
  return (
    <section>
      <h2>{title}</h2>
      <div class="heads">
        {Array.from({ length: heads }, (_, head) => (
          <figure key={head}>
            <figcaption>{t.inside.attention.head(head + 1)}</figcaption>
            <Matrix
              label={`${title}, ${t.inside.attention.head(head + 1)}`}
              rows={T}
              columns={T}
              rowNames={names}
              columnNames={names}
              values={values}
              from={head * T * T}
              most={1}
              height={260}
              hint=""
              describe={(to, from, share) =>
                t.inside.attention.cell(names[to], names[from], format.percent(share))
              }
            />
          </figure>
        ))}
      </div>
    </section>
  );
}
