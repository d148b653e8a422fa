import type { RunData } from '../run-data.js';
import { html, setting, type Content, type Html } from './html.js';

const HASH = 'dataSha256';

/** The whole configuration of a run. */
export function settingsOfRun({ config }: RunData): Content {
  const entries = flatten(config);
  if (entries.length === 0) return '';
  const rows = entries.map(([name, value]) => {
    const shown = name === HASH ? html`<code>${setting(value)}</code>` : setting(value);
    return html`<tr>
      <th>${label(name)}</th>
      <td>${shown}</td>
    </tr>`;
  });
  return html`<section>
    <h2>Configuration</h2>
    <table>
      ${rows}
    </table>
  </section>`;
}

/** The settings in which runs differ, one column per run. */
export function differences(runs: readonly RunData[]): Html {
  const configs = runs.map(({ config }) => new Map(flatten(config)));
  const names = [...new Set(configs.flatMap((config) => [...config.keys()]))];
  const different = names.filter(
    (name) => new Set(configs.map((config) => setting(config.get(name)))).size > 1,
  );
  const title = html`<h2>Where the settings differ</h2>`;
  if (different.length === 0) {
    return html`<section>
      ${title}
      <p class="note">Nowhere: the runs have the same settings, data and versions.</p>
    </section>`;
  }
  const rows = different.map((name) => {
    const cells = configs.map((config) => {
      const shown = setting(config.get(name));
      return html`<td>${name === HASH ? html`<code>${shown.slice(0, 12)}…</code>` : shown}</td>`;
    });
    return html`<tr>
      <th>${label(name)}</th>
      ${cells}
    </tr>`;
  });
  return html`<section>
    ${title}
    <div class="scroll">
      <table>
        <tr>
          <th></th>
          ${runs.map(({ name }) => html`<th>${name}</th>`)}
        </tr>
        ${rows}
      </table>
    </div>
  </section>`;
}

/** `versions: { node }` as `versions.node`. */
function flatten(config: Readonly<Record<string, unknown>>): [name: string, value: unknown][] {
  return Object.entries(config).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([inner, item]): [string, unknown] => [`${name}.${inner}`, item])
      : [[name, value] as [string, unknown]],
  );
}

function label(name: string): string {
  return name === HASH ? 'SHA-256 of the data' : name;
}
