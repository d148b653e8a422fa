import { enAbout } from './en/about.js';
import { enCode } from './en/code.js';
import { enGiven } from './en/given.js';
import { enInside } from './en/inside.js';
import { enModelPage } from './en/model-page.js';
import { enRuns } from './en/runs.js';
import { enTour } from './en/tour.js';
import { enUse } from './en/use.js';

/** The sentences of what is loaded when it is opened, in English. */
export const enLater = {
  about: enAbout,
  code: enCode,
  given: enGiven,
  inside: enInside,
  modelPage: enModelPage,
  runs: enRuns,
  tour: enTour,
  use: enUse,
};

/** The sentences of {@link enLater}, in a language. */
export type Later = typeof enLater;
