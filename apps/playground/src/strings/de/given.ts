import type { enBasis, enGiven } from '../en/given.js';

/** Die Sätze zu dem, was hereinkommt. */
export const deGiven: typeof enGiven = {
  expected: {
    waiting: (step, sha256) =>
      `Wer diesen Lauf geteilt hat, hatte bei Schritt ${step} die Gewichte ${sha256}: sie werden verglichen, wenn er dort ist.`,
    same: (step, sha256) =>
      `Bei Schritt ${step} dieselben Gewichte wie bei dem, der diesen Lauf geteilt hat: ${sha256}.`,
    differs: (step, sha256) =>
      `Bei Schritt ${step} andere Gewichte als bei dem, der diesen Lauf geteilt hat, ${sha256}: Version, Text oder Einstellungen sind nicht dieselben.`,
    passed: (step, sha256) =>
      `Hier war dieser Lauf nie bei Schritt ${step}, wo der, der ihn geteilt hat, die Gewichte ${sha256} hatte: zum Vergleichen neu trainieren.`,
  },
  reading: 'Wird gelesen …',
  tooMany: (count) =>
    `Es müssen die Dateien eines Laufs sein oder ein Text; es sind ${count} Dateien. Den Ordner des Laufs selbst geben.`,
  run: (name, step) =>
    `${name} ist hier, bei Schritt ${step}. Wo noch Schritte übrig sind, lass ihn oben weiterlaufen.`,
  model: (name) =>
    `Der nächste Lauf beginnt mit den Gewichten von ${name}. Text und Einstellungen wählen und ihn starten.`,
  notServed: (why) => `Der Lauf, den die Adresse nennt, lässt sich nicht lesen: ${why}`,
  dismiss: 'In Ordnung',
  never: 'Ohne ihn weiter',
};

/** Der Satz zu Gewichten, mit denen der nächste Lauf beginnt. */
export const deBasis: typeof enBasis = {
  begins: (name) => `Er beginnt mit den Gewichten von ${name}.`,
  tokenizer: 'Er hat den Tokenizer des Laufs, der hereinkam.',
  fixed: 'Art, Größen und Tokenizer sind die ihren.',
  without: 'Stattdessen von vorn beginnen',
};
