import type { enGiven } from '../en/given.js';

/** Die Sätze zu dem, was hereinkommt. */
export const deGiven: typeof enGiven = {
  expected: {
    waiting: (step, sha256) =>
      `Wer diesen Lauf geteilt hat, hatte bei Schritt ${step} die Gewichte ${sha256}: sie werden verglichen, wenn er dort ist.`,
    same: (step, sha256) =>
      `Bei Schritt ${step} dieselben Gewichte wie bei dem, der diesen Lauf geteilt hat: ${sha256}.`,
    differs: (step, sha256) =>
      `Bei Schritt ${step} andere Gewichte als bei dem, der diesen Lauf geteilt hat, ${sha256}.`,
    passed: (step, sha256) =>
      `Hier war dieser Lauf nie bei Schritt ${step}, wo der, der ihn geteilt hat, die Gewichte ${sha256} hatte: zum Vergleichen neu trainieren.`,
  },
  whyDiffers: (version, data, shards) =>
    `Zu vergleichen ist, was beide haben: die Version, hier ${version}; der Text, hier ${data}; Einstellungen, die nach dem Kopieren der Adresse geändert wurden, vor allem Seed und Shards, hier ${shards}.`,
  ignored: (parts) =>
    `Die Adresse sagt etwas, das hier nichts bedeutet; es wurde weggelassen: ${parts}.`,
  elsewhere: (name) =>
    `${name} ist in einem anderen Tab dieses Browsers offen. Sobald der geschlossen ist, geht es hier weiter.`,
  takeOver: 'Übernehmen',
  reading: 'Wird gelesen …',
  tooMany: (count) =>
    `Es müssen die Dateien eines Laufs sein oder ein Text; es sind ${count} Dateien. Den Ordner des Laufs selbst geben.`,
  run: (name, step) =>
    `${name} ist hier, bei Schritt ${step}. Wo noch Schritte übrig sind, lass ihn oben weiterlaufen.`,
  model: (name) =>
    `Der nächste Lauf beginnt mit den Gewichten von ${name}. Text und Einstellungen wählen und ihn starten.`,
  notServed: (why) => `Der Lauf, den die Adresse nennt, lässt sich nicht lesen: ${why}`,
  noFile: (path, got) =>
    `${path} muss eine Datei eines Laufs sein; es kam: ${got}. Die Seite mit llm101 play RUN öffnen, oder den Ordner des Laufs hier ablegen.`,
  noList: (path, got) =>
    `${path} muss die Dateien eines Laufs nennen; es kam: ${got}. Die Seite mit llm101 play RUN öffnen, oder den Ordner des Laufs hier ablegen.`,
  aPage: 'eine Seite des Servers (HTML)',
  noJson: 'etwas, das kein JSON ist',
  otherJson: 'JSON anderer Art',
  dismiss: 'In Ordnung',
  never: 'Ohne ihn weiter',
};
