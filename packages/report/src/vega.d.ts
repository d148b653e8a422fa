// What `scripts/bundle-vega.mjs` bundles, as far as it is used.

/** A Vega-Lite specification to one of Vega. */
export declare function compile(spec: object): { readonly spec: object };

/** A specification of Vega to what a view runs. */
export declare function parse(spec: object): object;

/** A chart. */
export declare class View {
  constructor(runtime: object, options: { readonly renderer: 'none' });
  toSVG(): Promise<string>;
  finalize(): void;
}
