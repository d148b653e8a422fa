/** The sentences of what a browser has, in English. */
export const enAbout = {
  engine: 'What this browser has',
  backend: 'Engine',
  cores: 'Cores',
  threads: 'Threads',
  shared: 'share memory: all cores train together',
  notShared: 'don’t share memory, so that several are slower; the figures are the same',
  isolate: 'Load the page again, so that threads share memory',
  offline: 'Without a network',
  offlineStates: {
    none: 'the page isn’t kept: it needs https or localhost',
    loading: 'the page is being kept',
    ready: 'works: the page is kept in this browser',
  },
  hidden: 'A tab that isn’t looked at',
  hiddenWhy:
    'goes on: a run trains in a worker, as fast as the browser lets it, and is kept when the tab is left; while a run trains in sight the screen stays on',
  relaxed: 'Relaxed SIMD',
  relaxedWhy:
    'off: it is faster, but rounds differently from machine to machine, and the figures are to be the same everywhere',
  storage: 'What is kept in this browser',
  noStorage: 'This browser doesn’t say how much it keeps.',
  used: (usage: string, quota: string) => `${usage} of ${quota}: runs, their checkpoints and texts`,
  mayVanish: 'The browser may throw it away when its disk fills up.',
  persist: 'Ask it not to',
  read: 'Read on',
  links: [
    { title: 'Documents of the packages', href: '../index.html' },
    { title: 'Source', href: 'https://github.com/llm101/llm101-ts' },
    { title: 'The course, LLM101', href: 'https://github.com/PathFinderKR/LLM101' },
  ],
};
