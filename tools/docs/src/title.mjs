/** @import { CommentDisplayPart } from 'typedoc' */

/**
 * A page's first heading, and the page without it, as the site sets titles itself.
 *
 * @param {readonly CommentDisplayPart[]} content
 * @returns {{ title: string | undefined, content: CommentDisplayPart[] }}
 */
export function takeTitle(content) {
  const whole = { title: undefined, content: [...content] };
  const end = content.findIndex(({ text }) => text.includes('\n'));
  if (end === -1) return whole;
  const { text } = content[end];
  const newline = text.indexOf('\n');
  const line = [...content.slice(0, end).map((part) => part.text), text.slice(0, newline)].join('');
  const [, title] = /^# (.+)$/.exec(line) ?? [];
  if (title === undefined) return whole;
  return {
    title: title.replaceAll('`', ''),
    content: [{ kind: 'text', text: text.slice(newline).trimStart() }, ...content.slice(end + 1)],
  };
}
