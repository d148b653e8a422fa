import { en, type Strings } from './en.js';

/** The page's sentences in the language that it is shown in. */
export const t: Strings = en;
