/** All that this page keeps in a browser has this in its name: other pages may be of the same origin. */
const PREFIX = 'llm101-playground';

/** The database of a run's checkpoints. */
export const databaseOf = (run: string): string => `${PREFIX}-run-${run}`;

/** The database of everything else: runs, curves, texts. */
export const LIBRARY = PREFIX;

/** Where it is kept which steps of the tour were done, and the language. */
export const TOUR = `${PREFIX}-tour`;
export const LANGUAGE = `${PREFIX}-language`;

/** The lock of whichever tab has a run open. */
export const lockOf = (run: string): string => `${PREFIX}-open-${run}`;

/** Where tabs ask each other for runs. */
export const CHANNEL = `${PREFIX}-runs`;
