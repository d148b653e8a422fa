/**
 * How a file was compressed; its header says it by these names. What changes a bit of what a method computes, in kernels
 * too, makes older files unreadable: then its number has to change.
 */
const METHODS = {
  /** The network's predictions alone. */
  network: 'network 1',
  /** Mixed with what the text itself has shown. */
  mixture: 'network+mixing 1',
  /** What the text has shown alone: nothing else is needed. */
  online: 'mixing 1',
} as const;

/** A method, and the model that it needs. */
export type Method =
  | { readonly kind: 'online' }
  | { readonly kind: 'network' | 'mixture'; readonly modelSha256: string };

/** Digits of a model's hash that are kept: 128 bits tell models apart, and a header is short. */
const DIGITS = 32;

export function nameOfMethod(method: Method): string {
  if (method.kind === 'online') return METHODS.online;
  return `${METHODS[method.kind]} sha256:${method.modelSha256.slice(0, DIGITS)}`;
}

/** @returns undefined for a name that this version doesn't know */
export function parseMethod(name: string): Method | undefined {
  if (name === METHODS.online) return { kind: 'online' };
  for (const kind of ['network', 'mixture'] as const) {
    const head = `${METHODS[kind]} sha256:`;
    const digits = name.slice(head.length);
    if (name.startsWith(head) && /^[0-9a-f]{32}$/.test(digits))
      return { kind, modelSha256: digits };
  }
  return undefined;
}

/** Whether a model's hash is the one that a header names. */
export function isModel(sha256: string, named: string): boolean {
  return sha256.slice(0, DIGITS) === named;
}
