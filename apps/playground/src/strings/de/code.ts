import type { Later } from '../later.js';

/** Die Sätze beim Code eines Laufs, auf Deutsch. */
export const deCode: Later['code'] = {
  title: (run) => `Der Code von ${run}`,
  language: 'Geschrieben in',
  about: {
    typescript:
      'Er trainiert dasselbe Modell zu denselben Gewichten, Byte für Byte, in Node oder einem Browser.',
    pytorch:
      'Er trainiert dasselbe Modell von denselben Anfangswerten aus mit denselben Batches; die Verluste unterscheiden sich nur durch Rundung.',
  },
  copy: 'Diesen Code kopieren',
  save: (file) => `Als ${file} sichern`,
  close: 'Schließen',
};
