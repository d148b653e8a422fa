import * as format from '../../format.js';
import type { BatchRow } from '../../looks.js';
import { visible } from '../../parts/visible.js';
import { t } from '../../strings/index.js';
import { Looked } from './looked.js';

/** The batch that the next step learns from. */
export function BatchPanel() {
  const { columns, help, first, ofRow } = t.inside.batch;
  return (
    <Looked name="batch" input={undefined}>
      {({ size, contextSize, loss, rows }) => {
        const hasOne = rows[0].targets.length === 1;
        return (
          <>
            <p data-figure="batch-loss">{help(size, contextSize, format.loss(loss))}</p>
            <p class="quiet">
              {first(rows.length)} {!hasOne && ofRow}
            </p>
            <div class="scroll" tabIndex={0} role="group" aria-label={t.inside.tabs.batch}>
              <table class="batch">
                <thead>
                  <tr>
                    {columns.map((column) => (
                      <th key={column}>{column}</th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row, i) =>
                    hasOne ? <OneTarget key={i} row={row} /> : <Each key={i} row={row} />,
                  )}
                </tbody>
              </table>
            </div>
          </>
        );
      }}
    </Looked>
  );
}

function OneTarget({ row: { tokens, targets, losses } }: { readonly row: BatchRow }) {
  return (
    <tr>
      <td>
        <code>{tokens.map(visible).join('')}</code>
      </td>
      <td>
        <code>{targets[0] === undefined ? '–' : visible(targets[0])}</code>
      </td>
      <td>{format.loss(losses[0])}</td>
    </tr>
  );
}

/** A loss that has the darkest colour. */
const DARK = 6;

function Each({ row: { tokens, targets, losses } }: { readonly row: BatchRow }) {
  const counted = losses.filter((_, i) => targets[i] !== undefined);
  const mean = counted.reduce((sum, loss) => sum + loss, 0) / counted.length;
  return (
    <tr>
      <td colSpan={2}>
        <code>
          <span>{visible(tokens[0])}</span>
          {targets.map((target, i) =>
            target === undefined ? (
              <span key={i} class="uncounted">
                {visible(tokens.at(i + 1) ?? '')}
              </span>
            ) : (
              <span
                key={i}
                class="surprising"
                style={{ '--share': `${Math.round(Math.min(1, losses[i] / DARK) * 60)}%` }}
                title={format.loss(losses[i])}
              >
                {visible(target)}
              </span>
            ),
          )}
        </code>
      </td>
      <td>{format.loss(mean)}</td>
    </tr>
  );
}
