import type { enBasis, enGiven, enRuns } from '../en/runs.js';

/** Die Sätze des Raums der Läufe. */
export const deRuns: typeof enRuns = {
  list: 'Läufe',
  listHelp:
    'Offene Läufe haben je einen Worker; die anderen sind in diesem Browser aufgehoben, wie sie waren. Verglichen werden die, die angehakt sind.',
  compare: (name) => `${name} vergleichen`,
  name: (name) => `Name von ${name}`,
  lookAt: 'Ansehen',
  lookedAt: 'angesehen',
  open: 'Öffnen',
  close: 'Schließen',
  remove: 'Entfernen',
  of: (action, name) => `${action}: ${name}`,
  closed: 'geschlossen',
  step: (step) => `Schritt ${step}`,
  removed: (name) =>
    `${name} ist entfernt. Bis die Seite neu geladen wird, lässt sich das zurücknehmen.`,
  takeBack: 'Zurücknehmen',
  none: 'Es gibt noch keinen Lauf.',
  curves: 'Verluste nach Schritten, in Nat je Token: Batches blass, Validierungen deutlich',
  results: 'Ergebnisse',
  differences: 'Einstellungen, die sich unterscheiden',
  same: 'Die angehakten Läufe haben dieselben Einstellungen.',
  fewer: 'Zum Vergleichen zwei Läufe oder mehr anhaken.',
  run: 'Lauf',
  setting: 'Einstellung',
  measures: {
    step: 'Schritte',
    trainLoss: 'Trainingsverlust',
    valLoss: 'Validierungsverlust',
    bestLoss: 'beste Validierung',
    accuracy: 'richtige nächste Token',
    answers: 'richtige Antworten',
    parameters: 'Parameter',
    speed: 'Schritte je Sekunde',
    fingerprint: 'Fingerabdruck',
  },
  atStep: (value, step) => `${value} (Schritt ${step})`,
  best: 'am besten',
  unset: '–',
  home: (name) => `${name} als Dateien`,
  homeHelp:
    'Der Ordner ist ein Zip. Entpackt geht es mit dem Befehl da weiter, wo der Lauf jetzt ist, zu denselben Bytes:',
  command: (folder) => `llm101 train --resume ${folder}`,
  takings: {
    folder: 'Ordner des Laufs (Zip)',
    checkpoint: 'Checkpoint',
    model: 'Modell (model.safetensors)',
    metrics: 'Verluste (metrics.jsonl)',
    report: 'Bericht (eine Seite)',
    page: 'Das Modell als Seite zum Tippen',
    safetensors: 'Für PyTorch (safetensors)',
    onnx: 'Für onnxruntime (ONNX)',
    gguf: 'Für llama.cpp (GGUF)',
    'hugging-face': 'Für transformers (Zip)',
  },
  taking: 'Wird geschrieben …',
  taken: (name, size) => `${name}, ${size}.`,
  bring: 'Einen Lauf herbringen',
  bringHelp:
    'Der Ordner eines Laufs, ein Zip davon, ein Checkpoint oder ein model.safetensors: hier auswählen oder irgendwo auf der Seite fallen lassen. Er geht da weiter, wo er war.',
  pickFiles: 'Dateien auswählen',
  pickFolder: 'Ordner auswählen',
  branch: 'Anders weitermachen',
  branchHelp:
    'Ein weiterer Lauf, der mit diesen Gewichten beginnt, mit anderer Lernrate, anderem Optimierer oder Text. Dieser Lauf bleibt, wie er ist, und seine Zahlen bleiben genau.',
  branchStart: 'Einen weiteren Lauf mit diesen Gewichten beginnen',
  share: 'Teilen',
  shareHelp:
    'Wer diese Adresse öffnet, trainiert dasselbe, und die Seite sagt, ob die Gewichte bei diesem Schritt dieselben sind.',
  shareButton: 'Adresse kopieren',
  shareAddress: 'Adresse dieses Laufs',
  shareLater: 'Angehalten hat der Lauf einen Fingerabdruck, der dann mit in der Adresse steht.',
  notShareable:
    'Die Gewichte oder der Tokenizer, mit denen dieser Lauf begann, passen in keine Adresse: seinen Ordner weitergeben.',
  copied: 'Kopiert.',
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
};

/** Die Sätze zu dem, was hereinkommt. */
export const deGiven: typeof enGiven = {
  reading: 'Wird gelesen …',
  tooMany: (count) =>
    `Es müssen die Dateien eines Laufs sein oder ein Text; es sind ${count} Dateien. Den Ordner des Laufs selbst geben.`,
  run: (name, step) =>
    `${name} ist da, bei Schritt ${step.toLocaleString('en-US')}. Er wartet; oben geht es weiter.`,
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
