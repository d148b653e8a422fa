import type { Distribution } from '@llm101/training';
import { Canvas } from '../../charts/canvas.js';
import * as format from '../../format.js';
import type { ActivityLook } from '../../looks.js';
import { number } from '../../parts/visible.js';
import { TableHead } from '../../parts/table-head.js';
import { t } from '../../strings/index.js';
import { Looked } from './looked.js';

/** What layers and parameters do: histograms, saturated shares, dead units, gradients. */
export function ActivityPanel() {
  return (
    <Looked name="activity" input={undefined}>
      {(activity) => (
        <>
          <p class="quiet">{t.inside.activity.help}</p>
          <Layers activity={activity} />
          <Parameters activity={activity} />
        </>
      )}
    </Looked>
  );
}

/** Rows that are shown: deep models have hundreds. */
const MOST_ROWS = 80;

function Layers({ activity: { activations } }: { readonly activity: ActivityLook }) {
  const { layers, columns } = t.inside.activity;
  return (
    <Figures title={layers} columns={columns}>
      {activations.slice(0, MOST_ROWS).map(({ name, shape, values, gradient, ...one }) => (
        <tr key={name}>
          <th scope="row">
            {name} <small>[{shape.join(', ')}]</small>
          </th>
          <Bins of={values} label={name} />
          <td>{number(values.mean)}</td>
          <td>{number(values.standardDeviation)}</td>
          <td class={(one.saturated ?? 0) > 0.5 ? 'warn' : undefined}>
            {one.saturated === undefined ? '' : format.percent(one.saturated)}
          </td>
          <td class={(one.deadUnits ?? 0) > 0 ? 'warn' : undefined}>{one.deadUnits ?? ''}</td>
          <td>{gradient === undefined ? '' : number(gradient.standardDeviation)}</td>
        </tr>
      ))}
    </Figures>
  );
}

function Parameters({ activity }: { readonly activity: ActivityLook }) {
  const { parameters, parameterColumns } = t.inside.activity;
  return (
    <Figures title={parameters} columns={parameterColumns}>
      {activity.parameters.slice(0, MOST_ROWS).map(({ name, shape, values, gradient }) => (
        <tr key={name}>
          <th scope="row">
            {name} <small>[{shape.join(', ')}]</small>
          </th>
          <Bins of={values} label={name} />
          <td>{number(values.mean)}</td>
          <td>{number(values.standardDeviation)}</td>
          <td>{number(values.norm)}</td>
          <td>{gradient === undefined ? '' : number(gradient.norm)}</td>
          <td>{gradient === undefined ? '' : number(gradient.norm / values.norm)}</td>
        </tr>
      ))}
    </Figures>
  );
}

/** Properties of {@link Figures}. */
interface FiguresProps {
  readonly title: string;
  readonly columns: readonly string[];
  readonly children: preact.ComponentChildren;
}

function Figures({ title, columns, children }: FiguresProps) {
  return (
    <section>
      <h2>{title}</h2>
      <div class="scroll" tabIndex={0} role="group" aria-label={title}>
        <table class="activity">
          <TableHead titles={columns} />
          <tbody>{children}</tbody>
        </table>
      </div>
    </section>
  );
}

function Bins({
  of: { counts, minimum, maximum },
  label,
}: {
  readonly of: Distribution;
  readonly label: string;
}) {
  const range = t.inside.activity.histogram(number(minimum), number(maximum));
  return (
    <td class="bins" title={range}>
      <Canvas
        label={`${label}: ${range}`}
        height={26}
        draw={({ context, width, height, color }) => {
          const most = Math.max(...counts); // bounded: bins
          context.fillStyle = color('accent');
          for (const [i, count] of counts.entries()) {
            const high = (count / most) * height;
            context.fillRect(
              (i * width) / counts.length,
              height - high,
              width / counts.length - 0.5,
              high,
            );
          }
        }}
      />
    </td>
  );
}
