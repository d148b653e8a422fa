/** The entry of a page that has a trained model in it: one file, which needs no network. `llm101 export RUN --format html` writes it. */
import { render } from 'preact';
import { loadRoomStrings } from '../strings/index.js';

void show();

/** Its modules name its sentences when they are loaded: these come first. */
async function show(): Promise<void> {
  await loadRoomStrings();
  const { ModelPage } = await import('./model-page.js');
  const page = document.querySelector('#page');
  if (page !== null) render(<ModelPage />, page);
}
