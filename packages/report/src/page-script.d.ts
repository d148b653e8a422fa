// What `scripts/bundle-script.mjs` bundles.

/** The script of a page, of which `src/script/main.ts` is the entry. */
export declare const script: string;

/** Its hash as a policy names it, `sha256-…`. */
export declare const hash: string;
