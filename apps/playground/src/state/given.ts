import { signal } from '@preact/signals';

/** What became of the files that came last: a sentence, or that they are being read. */
export const given = signal<
  { readonly kind: 'reading' | 'done' | 'problem'; readonly message: string } | undefined
>(undefined);
