/** @import { IModule } from 'dependency-cruiser' */

/**
 * Circles of files and folders, types included. Files and folders beside each other are looked at together: `kernels/a.ts`
 * that imports `../eager/b.ts` is an arrow from `kernels` to `eager`, and no arrow may lead back.
 *
 * @param {readonly IModule[]} modules
 * @returns {string[]} one line for each folder in which there is a circle
 */
export function findCircles(modules) {
  /** @type {Map<string, Map<string, Map<string, string>>>} folder → from → to → the import that shows it */
  const arrows = new Map();
  for (const { source, dependencies } of modules) {
    for (const { resolved, module } of dependencies) {
      const arrow = arrowBetween(source, resolved);
      if (arrow === undefined) continue;
      const inFolder = arrows.get(arrow.folder) ?? new Map();
      const fromHere = inFolder.get(arrow.from) ?? new Map();
      if (!fromHere.has(arrow.to)) fromHere.set(arrow.to, `${source} imports ${module}`);
      arrows.set(arrow.folder, inFolder.set(arrow.from, fromHere));
    }
  }
  return [...arrows].flatMap(([folder, graph]) => {
    const circle = findCircle(graph);
    if (circle === undefined) return [];
    const imports = circle.map((from, i) => graph.get(from)?.get(circle[(i + 1) % circle.length]));
    const path = [...circle, circle[0]].join(' -> ');
    return `${folder}: circle ${path}; move what they share below them (${imports.join('; ')})`;
  });
}

/**
 * @param {string} source
 * @param {string} target
 * @returns {{ folder: string, from: string, to: string } | undefined} the folder that both are in, and what is in it
 */
function arrowBetween(source, target) {
  if (!/^(packages|apps|examples|tools)\//.test(target)) return undefined;
  const [a, b] = [source.split('/'), target.split('/')];
  const depth = source === target ? a.length - 1 : a.findIndex((part, i) => part !== b[i]);
  return { folder: a.slice(0, depth).join('/'), from: a[depth], to: b[depth] };
}

/**
 * @param {ReadonlyMap<string, ReadonlyMap<string, unknown>>} graph - what each leads to
 * @returns {string[] | undefined}
 */
function findCircle(graph) {
  const left = new Map([...graph].map(([from, to]) => [from, [...to.keys()]]));
  const isLeft = (/** @type {string} */ name) => left.has(name);
  for (let size = Infinity; left.size < size;) {
    size = left.size;
    for (const [from, to] of left) if (!to.some(isLeft)) left.delete(from);
  }
  /** @type {string[]} */
  const path = [];
  let [name] = left.keys();
  while (name !== undefined && !path.includes(name)) {
    path.push(name);
    name = /** @type {string} */ (left.get(name)?.find(isLeft));
  }
  return name === undefined ? undefined : path.slice(path.indexOf(name));
}
