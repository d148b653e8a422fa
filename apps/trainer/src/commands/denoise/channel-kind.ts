/** What can happen to a name on its way. */
export const CHANNELS = ['substitution', 'erasure', 'binary'] as const;

/** One of {@link CHANNELS}. */
export type ChannelKind = (typeof CHANNELS)[number];
