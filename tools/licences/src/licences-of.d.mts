/** The licences of all packages that modules, paths of what was bundled, are from. */
export function licencesOf(modules: Iterable<string>): string;
