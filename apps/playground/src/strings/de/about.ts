import type { Later } from '../later.js';

/** Die Sätze darüber, was ein Browser hat, auf Deutsch. */
export const deAbout: Later['about'] = {
  engine: 'Was dieser Browser hat',
  backend: 'Rechenwerk',
  cores: 'Kerne',
  threads: 'Threads',
  shared: 'teilen sich den Speicher: Alle Kerne trainieren zusammen',
  notShared:
    'teilen sich den Speicher nicht, sodass mehrere langsamer sind; die Zahlen sind dieselben',
  isolate: 'Seite neu laden, damit Threads sich den Speicher teilen',
  offline: 'Ohne Netz',
  offlineStates: {
    none: 'die Seite wird nicht behalten: Das braucht https oder localhost',
    loading: 'die Seite wird behalten',
    ready: 'geht: Die Seite ist in diesem Browser behalten',
  },
  hidden: 'Ein Tab im Hintergrund',
  hiddenWhy:
    'macht weiter: Ein Lauf trainiert in einem Worker, so schnell der Browser ihn lässt, und wird behalten, wenn man den Tab verlässt; solange einer zu sehen ist und trainiert, bleibt der Bildschirm an',
  tabs: 'Mehrere Tabs',
  tabsWhy:
    'wissen voneinander: ein Lauf ist in einem zur Zeit offen, und ein anderer kann ihn übernehmen',
  noTabs:
    'wissen nicht voneinander, denn dieser Browser hat hier keine Web Locks (sie brauchen https oder localhost): die Seite nur in einem Tab öffnen',
  relaxed: 'Relaxed SIMD',
  relaxedWhy:
    'aus: Es ist schneller, rundet aber auf jedem Rechner anders, und die Zahlen sollen überall dieselben sein',
  storage: 'Was in diesem Browser behalten wird',
  noStorage: 'Dieser Browser sagt nicht, wie viel er behält.',
  used: (usage, quota) => `${usage} von ${quota}: Läufe, ihre Checkpoints und Texte`,
  mayVanish: 'Der Browser darf es wegwerfen, wenn seine Platte voll wird.',
  persist: 'Ihn bitten, es nicht zu tun',
  read: 'Weiterlesen',
  links: [
    { title: 'Dokumente der Pakete', href: '../index.html' },
    { title: 'Quelltext', href: 'https://github.com/llm101/llm101-ts' },
    { title: 'Der Kurs, LLM101', href: 'https://github.com/PathFinderKR/LLM101' },
  ],
};
