/** Properties of {@link LinkedText}. */
export interface LinkedTextProps<Name extends string> {
  /** A sentence in which `[words](name)` is a link. */
  readonly text: string;
  readonly hrefOf: (name: Name) => string;
  /** Goes there, instead of loading the page again. */
  readonly onFollow: (name: Name) => void;
}

/** A sentence with links to places of the page. */
export function LinkedText<Name extends string>({ text, hrefOf, onFollow }: LinkedTextProps<Name>) {
  return (
    <>
      {partsOf(text).map((part, i) => {
        if (typeof part === 'string') return part;
        const name = part.name as Name;
        return (
          <a
            key={i}
            href={hrefOf(name)}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab
              event.preventDefault();
              onFollow(name);
            }}
          >
            {part.words}
          </a>
        );
      })}
    </>
  );
}

/** A sentence as its words and its links, in order. */
export function partsOf(
  text: string,
): (string | { readonly words: string; readonly name: string })[] {
  const parts: (string | { readonly words: string; readonly name: string })[] = [];
  let from = 0;
  for (const { 0: whole, 1: words, 2: name, index } of text.matchAll(/\[([^\]]+)\]\((\w+)\)/g)) {
    if (index > from) parts.push(text.slice(from, index));
    parts.push({ words, name });
    from = index + whole.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}
