import { signal } from '@preact/signals';
import { LANGUAGE } from '../databases.js';
import { en, type Strings } from './en.js';

/** The languages of the page, in their own words. Each but the first is loaded when it is chosen. */
export const languages = { en: 'English', de: 'Deutsch' } as const;

/** A language of the page. */
export type Language = keyof typeof languages;

const load: Readonly<Record<Language, () => Promise<Strings>>> = {
  en: async () => ({ ...en, ...(await import('./later.js')).enLater }),
  de: async () => (await import('./de.js')).de,
};

/** The page's sentences in the language that it is shown in. All of the page is made anew when that changes. */
export let t = en as Strings; // oxlint-disable-line import/no-mutable-exports -- read as `t.title` everywhere; `language` says when

/** Loads the sentences of the rooms, which `t` has only then. */
export async function loadRoomStrings(): Promise<void> {
  if (!('use' in t)) t = await load.en();
}

/** The language that the page is shown in. */
export const language = signal<Language>('en');

/** Shows the page in a language, and keeps that in this browser. */
export async function speak(wanted: Language): Promise<void> {
  t = await load[wanted]();
  document.documentElement.lang = wanted;
  language.value = wanted;
  try {
    localStorage.setItem(LANGUAGE, wanted);
  } catch {
    // a browser may keep nothing
  }
}

/** Whether the page has a language; no name of `Object`'s own is one. */
export const isLanguage = (code: string): code is Language => Object.hasOwn(languages, code);

/** The language that an address asks for, or that was chosen before; English for any other. */
export function languageOf(asked: string | undefined): Language {
  const found = asked ?? kept();
  return found !== null && isLanguage(found) ? found : 'en';
}

function kept(): string | null {
  try {
    return localStorage.getItem(LANGUAGE);
  } catch {
    return null;
  }
}
