/** The sentences of what a browser has, in English. */
export const enAbout = {
  engine: 'This browser',
  backend: 'Engine',
  cores: 'Cores',
  threads: 'Threads',
  shared: 'share memory: all cores train together',
  notShared: 'don’t share memory, so several would be slower; the results are the same',
  isolate: 'Reload the page so that threads share memory',
  offline: 'Offline',
  offlineStates: {
    none: 'not available: it needs https or localhost',
    loading: 'the page is being saved',
    ready: 'works: the page is saved in this browser',
  },
  hidden: 'In a background tab',
  hiddenWhy:
    'training continues, in a worker, as fast as the browser lets it, and the run is saved when you leave the tab; while you watch it train, the screen stays on',
  tabs: 'Several tabs',
  tabsWhy: 'know of each other: a run is open in one at a time, and another can take it over',
  noTabs:
    'don’t know of each other, as this browser has no Web Locks here (they need https or localhost): keep the page open in one tab only',
  relaxed: 'Relaxed SIMD',
  relaxedWhy:
    'off: it is faster, but rounds differently from machine to machine, and results should be the same everywhere',
  storage: 'Stored in this browser',
  noStorage: 'This browser doesn’t say how much it stores.',
  used: (usage: string, quota: string) => `${usage} of ${quota}: runs, their checkpoints and texts`,
  mayVanish: 'The browser may delete it when the disk fills up.',
  persist: 'Ask it not to',
  read: 'Read more',
  links: [
    { title: 'Documentation of the packages', href: '../index.html' },
    { title: 'Source', href: 'https://github.com/llm101/llm101-ts' },
    { title: 'The course, LLM101', href: 'https://github.com/PathFinderKR/LLM101' },
  ],
};
