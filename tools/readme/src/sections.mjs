/**
 * Puts a text between the marks of a section, `<!-- begin:NAME -->` and `<!-- end -->`.
 *
 * @param {string} markdown
 * @param {string} name
 * @param {string} body
 * @returns {string}
 * @throws {RangeError} when the section isn't there exactly once
 */
export function replaceSection(markdown, name, body) {
  const { start, end } = placeOf(markdown, name);
  return `${markdown.slice(0, start)}\n\n${body}\n\n${markdown.slice(end)}`;
}

/**
 * @param {string} markdown
 * @param {string} name
 * @returns {string} what stands between the marks
 * @throws {RangeError} when the section isn't there exactly once
 */
export function readSection(markdown, name) {
  const { start, end } = placeOf(markdown, name);
  return markdown.slice(start, end).trim();
}

/**
 * @param {string} markdown
 * @param {string} name
 */
function placeOf(markdown, name) {
  const begin = `<!-- begin:${name} -->`;
  const count = markdown.split(begin).length - 1;
  const start = markdown.indexOf(begin) + begin.length;
  const end = markdown.indexOf('<!-- end -->', start);
  if (count !== 1 || end === -1) {
    throw new RangeError(
      `readme: README.md must have ${begin} once, and <!-- end --> behind it; got ${count}`,
    );
  }
  return { start, end };
}
