/**
 * The first key that stands twice in one object of a JSON text. `JSON.parse` keeps the last value silently.
 *
 * @param json - text that `JSON.parse` accepts
 */
export function findDuplicateKey(json: string): string | undefined {
  const keysOfOpenObjects: Set<string>[] = [];
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '{') keysOfOpenObjects.push(new Set());
    else if (character === '}') keysOfOpenObjects.pop();
    else if (character === '"') {
      const start = i;
      i = closingQuote(json, start);
      const keys = keysOfOpenObjects.at(-1);
      if (keys === undefined || !isKey(json, i + 1)) continue;
      const key = String(JSON.parse(json.slice(start, i + 1)));
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

function closingQuote(json: string, openingQuote: number): number {
  let i = openingQuote + 1;
  while (json[i] !== '"') i += json[i] === '\\' ? 2 : 1;
  return i;
}

/** In a JSON text exactly the keys are strings that a colon follows. */
function isKey(json: string, afterString: number): boolean {
  let i = afterString;
  while (' \t\r\n'.includes(json[i])) i++;
  return json[i] === ':';
}
