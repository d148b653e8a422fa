import { WordTable } from './word-table.js';

/** How often each word of a text occurs, in bounded memory. */
export interface WordCounts {
  /** Counts the word from `start` to `end` of a text. */
  add(text: string, start: number, end: number): void;
  /** The words and how often they were met; rare ones are left out where there were too many different ones. */
  counts(): ReadonlyMap<string, number>;
}

/** UTF-16 code units of all different words together at most; beyond that, the rarest are forgotten. */
const MOST_UNITS = 2 ** 26;

/** Counts words. While the different ones fit in `most` code units, the counts are exact. */
export function wordCounts(most: number = MOST_UNITS): WordCounts {
  let words = new WordTable();
  let counts: number[] = [];
  function forget(): void {
    let rare = 1;
    for (let kept = words.units; kept > most / 2; rare *= 2) {
      kept = 0;
      for (let word = 0; word < words.count; word++) {
        if (counts[word] > rare) kept += words.wordOf(word).length;
      }
    }
    const [before, old] = [words, counts];
    words = new WordTable();
    counts = [];
    for (let word = 0; word < before.count; word++) {
      if (old[word] <= rare / 2) continue; // the last that was tried
      const text = before.wordOf(word);
      counts[words.find(text, 0, text.length)] = old[word];
    }
  }
  return {
    counts: () => new Map(counts.map((count, word) => [words.wordOf(word), count])),
    add(text, start, end) {
      const word = words.find(text, start, end);
      if (word < counts.length) counts[word]++;
      else {
        counts.push(1);
        if (words.units > most) forget();
      }
    },
  };
}
