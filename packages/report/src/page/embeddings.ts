import { embeddingChart } from '../charts/embedding-chart.js';
import type { RunData } from '../run-data.js';
import { html, Html } from './html.js';

const SIZE = { width: 400, height: 400 };

/** A section with the embedding of each run that has one of more than one component. */
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
