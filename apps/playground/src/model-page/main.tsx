/** The entry of a page that has a trained model in it: one file, which needs no network. `llm101 export RUN --format html` writes it. */
import { render } from 'preact';
import { loadRoomStrings } from '../strings/index.js';
import { ModelPage } from './model-page.js';

void loadRoomStrings().then(() => {
  const page = document.querySelector('#page');
  if (page !== null) render(<ModelPage />, page);
});
