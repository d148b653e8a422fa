import { dataSets, parseToyTask } from '@llm101/data';

/** Whether a text is at an address. */
export const isAddress = (data: string): boolean => /^https?:\/\//i.test(data);

/** Whether a text is a data set, so that what is in it is known. */
export const isDataSet = (data: string): boolean =>
  dataSets.has(data) || parseToyTask(data) !== undefined;

/** Whether a text has a name that a program can load it by anywhere: that of a data set, or an address. */
export const isPublic = (data: string): boolean => isDataSet(data) || isAddress(data);
