/** How often each word of a text occurs, in bounded memory. */
export interface WordCounts {
  add(word: string): void;
  /** The words and how often they were met; rare ones are left out where there were too many different ones. */
  readonly counts: ReadonlyMap<string, number>;
}

/** UTF-16 code units of all different words together at most; beyond that, the rarest are forgotten. */
const MOST_UNITS = 2 ** 26;

/** Counts words. While the different ones fit in `most` code units, the counts are exact. */
export function wordCounts(most: number = MOST_UNITS): WordCounts {
  const counts = new Map<string, number>();
  let units = 0;
  function forget(): void {
    for (let rare = 1; units > most / 2; rare *= 2) {
      for (const [word, count] of counts) {
        if (count > rare) continue;
        counts.delete(word);
        units -= word.length;
      }
    }
  }
  return {
    counts,
    add(word) {
      const count = counts.get(word);
      if (count !== undefined) {
        counts.set(word, count + 1);
        return;
      }
      counts.set(ownCopy(word), 1);
      units += word.length;
      if (units > most) forget();
    },
  };
}

/** A string without the text that it was cut from, which V8 keeps with what is 13 code units or longer. */
export function ownCopy(word: string): string {
  return word.length < 13 ? word : Array.from(word).join('');
}
