import { t } from '../strings/index.js';

/** Copies a text. @returns a sentence on whether it did: a browser may forbid it */
export async function copy(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return t.form.copied;
  } catch {
    return t.form.notCopied;
  }
}
