import { drawEmbedding } from '../pictures/embedding-map.js';
import type { RunData } from '../run-data.js';
import { html, Html } from './html.js';

const VOWELS = new Set('aeiouyAEIOUY');

/** A section for each run that has an embedding of two components or more. */
export async function embeddings(runs: readonly RunData[]): Promise<Html[]> {
  const sections: Html[] = [];
  for (const { name, model } of runs) {
    const embedding = model?.embedding;
    if (embedding === undefined || (embedding.vectors.at(0)?.length ?? 0) < 2) continue;
    const title = runs.length > 1 ? `Embedding of ${name}` : 'Embedding';
    const groups = embedding.symbols.map((symbol) => (VOWELS.has(symbol) ? 1 : 0));
    const svg = await drawEmbedding({ ...embedding, groups });
    sections.push(
      html`<section>
        <h2>${title}</h2>
        <p class="note">
          Each symbol where it is in the two directions in which the vectors differ most:
          <code>${embedding.name}</code>.
        </p>
        ${new Html(svg)}
      </section>`,
    );
  }
  return sections;
}
