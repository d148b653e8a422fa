import { drawChart, type ChartSize } from '../charts.js';
import { principalComponents } from '../principal-components.js';
import type { Embedding, RunData } from '../run-data.js';
import { html, Html } from './html.js';

const SIZE = { width: 400, height: 400 };

/** A section for each run that has an embedding of two components or more. */
export async function embeddings(runs: readonly RunData[]): Promise<Html[]> {
  const sections: Html[] = [];
  for (const { name, model } of runs) {
    const embedding = model?.embedding;
    if (embedding === undefined || (embedding.vectors.at(0)?.length ?? 0) < 2) continue;
    const title = runs.length > 1 ? `Embedding of ${name}` : 'Embedding';
    const svg = await embeddingChart(embedding, SIZE);
    sections.push(
      html`<section>
        <h2>${title}</h2>
        <p class="note">
          Each character where it is in the two directions in which the vectors differ most.
        </p>
        ${new Html(svg)}
      </section>`,
    );
  }
  return sections;
}

const VOWELS = new Set('aeiouyAEIOUY');

/** The symbols of an embedding, placed by PCA, both axes to the same scale. */
function embeddingChart({ symbols, vectors }: Embedding, size: ChartSize): Promise<string> {
  const { points, explained } = principalComponents(vectors);
  const values = points.map(([x, y], i) => {
    const symbol = symbols[i];
    return { x, y, symbol, isVowel: VOWELS.has(symbol) };
  });
  const reach = 1.08 * points.flat().reduce((most, at) => Math.max(most, Math.abs(at)), 1e-6);
  const position = (field: string, unit: number, fraction: number): object => ({
    field,
    type: 'quantitative',
    scale: { domain: [-reach * unit, reach * unit], nice: false, zero: false },
    axis: axis(fraction),
  });
  const [wide, high] =
    size.width > size.height ? [size.width / size.height, 1] : [1, size.height / size.width];
  const spec = {
    data: { values },
    mark: { type: 'text', fontSize: 15, fontWeight: 600 },
    encoding: {
      x: position('x', wide, explained[0]),
      y: position('y', high, explained[1]),
      text: { field: 'symbol', type: 'nominal' },
      color: { condition: { test: 'datum.isVowel', value: 'var(--c2)' }, value: 'var(--c1)' },
    },
  };
  return drawChart(spec, size, 'The embedding of each symbol in two dimensions');
}

function axis(fraction: number): object {
  return {
    title: `${Math.round(100 * fraction)} % of the variance`,
    titleColor: 'var(--muted)',
    titleFontWeight: 'normal',
    labels: false,
    tickCount: 6,
  };
}
