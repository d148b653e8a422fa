import { flatten, textOf } from '../compare/settings.js';
import type { RunData } from '../run-data.js';
import { html, type Content } from './html.js';

const HASH = 'dataSha256';

/** The whole configuration of a run. */
export function settingsOfRun({ config }: RunData): Content {
  const entries = [...flatten(config)];
  if (entries.length === 0) return '';
  const rows = entries.map(([name, value]) => {
    const shown = name === HASH ? html`<code>${textOf(value)}</code>` : textOf(value);
    return html`<tr>
      <th scope="row">${name === HASH ? 'SHA-256 of the data' : name}</th>
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
