import type { Strings } from '../en.js';

/** Die Sätze einer Seite, in der ein trainiertes Modell steckt. */
export const deModelPage: Strings['modelPage'] = {
  title: 'Ein Sprachmodell',
  loading: 'Das Modell wird geöffnet.',
  unusable: 'Das Modell lässt sich hier nicht benutzen',
  facts: ({ kind, parameters, step, tokens, examples, bytes }) =>
    `${kind}, ${parameters} Parameter (${bytes}), ${tokens} Token, ${step} Schritte lang ${examples} trainiert`,
  examples: { lines: 'auf Zeilen', blocks: 'auf einem Text' },
  answers: (mark) =>
    `Das Modell hat nur gelernt, was nach ${mark} steht: Das Getippte sollte damit enden.`,
  nextHelp:
    'Tippen und sehen, was das Modell als Nächstes erwartet. Die unteren Balken sind das, womit es zieht, nach den Einstellungen dort.',
  writeHelp:
    'Jeder Text beginnt mit dem Text bis hierher. Es sind die von llm101 sample mit demselben Startwert und denselben Einstellungen; Dunkleres ist weniger erwartet.',
  about:
    'Das Modell und alles, was es rechnet, ist in dieser Datei: Nichts wird geladen, und nichts Getipptes verlässt sie. Gemacht mit LLM101 für TypeScript.',
  licences: 'Lizenzen dessen, was in dieser Datei ist',
};
