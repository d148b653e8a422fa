import type { Strings } from '../en.js';

/** Die Sätze über Texte, auf Deutsch. */
export const deText: Strings['text'] = {
  title: 'Text',
  texts: 'Texte',
  toys: 'Spielaufgaben',
  sets: {
    names: 'Namen (8403, eingebaut)',
    'makemore-names': 'Die Namen der Vorlesung (32 033)',
    shakespeare: 'Shakespeare (1,1 Millionen Zeichen)',
  },
  tasks: {
    copy: 'Abschreiben: cab=cab',
    reverse: 'Umkehren: cab=bac',
    sort: 'Sortieren: cab=abc',
    parity: 'Parität der Einsen: 01101=1',
    dyck: 'Klammern schließen: ([]{=})',
    addition: 'Addieren: 17+35=52',
    'modular-addition': 'Modular addieren: 80+30=13',
  },
  sizes: {
    symbols: 'Alphabet: verschiedene Buchstaben',
    length: 'Länge der längsten Frage',
    shortest: 'Länge der kürzesten Frage',
    brackets: 'Arten von Klammern',
    digits: 'Höchstens so viele Ziffern je Zahl',
    modulus: 'Modul',
    lines: 'Zeilen',
    seed: 'Startwert der Fragen',
  },
  toy: 'Eine Zeile ist eine Frage, = und die Antwort. Nur Antworten werden gelernt, und richtig sind sie nur als Ganzes. „Mit diesen Einstellungen trainieren“ übernimmt andere Größen.',
  own: (name) => `eigener Text: ${name}`,
  pick: 'Datei wählen',
  paste: 'Text schreiben oder einfügen',
  pasted: 'eingefügt.txt',
  take: 'Diesen Text nehmen',
  drop: 'Oder eine Textdatei irgendwo auf der Seite fallen lassen. Sie bleibt auf diesem Rechner.',
  dropped: 'Loslassen, um auf diesem Text zu trainieren',
  missing: (name, sha256) =>
    `Der Lauf ist auf einem Text, der hier fehlt: ${name} (SHA-256 ${sha256.slice(0, 16)}…). Bitte diese Datei auf die Seite ziehen.`,
  other: (name, sha256) =>
    `Der Text muss ${name} mit dem SHA-256 ${sha256.slice(0, 16)}… sein; dies ist ein anderer.`,
  size: (characters, train, val) =>
    `${characters} Zeichen; ${train} Token zum Lernen, ${val} zurückgehalten`,
  view: {
    open: 'Was darin steht',
    loading: 'Liest …',
    lines: 'Erste Zeilen',
    linesHelp: 'Eine Zeile wählen, um ihre Token zu sehen.',
    tokens: 'Token der Zeile, darunter ihre Nummern',
    vocabulary: (count) => `Vokabular: ${count} Token`,
    more: (count) => `Die ${count} häufigsten:`,
    part: (count) => `In den ersten ${count} Token gezählt.`,
    columns: ['Token', 'Nummer', 'Anzahl'],
    parts: 'Gelernt und zurückgehalten',
    partColumns: ['Teil', 'Zeilen', 'Token'],
    train: 'zum Lernen',
    val: 'zurückgehalten',
    duplicates: (distinct, lines) => `${distinct} von ${lines} Zeilen sind verschieden.`,
    leaked: (count, heldOut) =>
      `${count} der ${heldOut} zurückgehaltenen Zeilen werden auch gelernt.`,
  },
};
