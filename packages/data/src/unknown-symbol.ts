/** Stands for characters outside the alphabet: U+FFFD, Unicode's replacement character. */
export const UNKNOWN_SYMBOL = '\uFFFD';
