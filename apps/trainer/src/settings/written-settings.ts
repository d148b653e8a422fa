/** Settings as they were written down, not yet checked. */
export type WrittenSettings = Readonly<Record<string, unknown>>;
