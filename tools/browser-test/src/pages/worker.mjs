import { work } from './tasks.mjs';

addEventListener('message', ({ data }) => {
  void work(data).then(
    (result) => postMessage({ result }),
    (error) => postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
});
