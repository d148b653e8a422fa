/** The channels that a text can be sent through. */
export const channelKinds = ['substitution', 'erasure', 'binary'] as const;

/** One of {@link channelKinds}. */
export type ChannelKind = (typeof channelKinds)[number];
