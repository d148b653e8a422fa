import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What a call of a length that its author knows is marked with, and why it is known. */
const MARK = /\/\/ bounded: \S/;

/**
 * Finds calls that take an array apart into arguments: `Math.max(...losses)`, `rows.push(...more)`,
 * `String.fromCharCode.apply(null, bytes)`. Arguments lie on the stack, so that some hundred thousand of them end the program.
 * A call whose arguments are few, whatever the data, has a comment `// bounded: why` in its lines or before them.
 *
 * @param {string} path - named in the findings
 * @param {string} code - TypeScript or JavaScript
 * @returns {string[]} a line each, with what to do
 */
export function findSpreads(path, code) {
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
  const lines = code.split('\n');
  /** @type {string[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (isSpreadCall(node) && !isMarked(node)) {
      const line = lineOf(node.getStart(file)) + 1;
      const text = node.getText(file).replaceAll(/\s+/g, ' ');
      found.push(
        `${path}:${line}: ${text.length > 80 ? `${text.slice(0, 80)}…` : text} takes an array apart into arguments, which ` +
          'a long one has too many of; use a loop, or say after // bounded: why it is short',
      );
    }
    ts.forEachChild(node, visit);
  };
  /** @param {number} position */
  const lineOf = (position) => file.getLineAndCharacterOfPosition(position).line;
  /** @param {ts.Node} node */
  const isMarked = (node) => {
    const [first, last] = [lineOf(node.getStart(file)), lineOf(node.getEnd())];
    return lines.slice(Math.max(first - 1, 0), last + 1).some((line) => MARK.test(line));
  };
  visit(file);
  return found;
}

/** @param {ts.Node} node */
function isSpreadCall(node) {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  if (
    node.arguments?.some((argument) => ts.isSpreadElement(argument) && !isShort(argument, node))
  ) {
    return true;
  }
  // fn.apply(self, values), Reflect.apply(fn, self, values), Reflect.construct(Type, values)
  if (!ts.isPropertyAccessExpression(node.expression)) return false;
  const { expression: object, name } = node.expression;
  const isReflect = ts.isIdentifier(object) && object.text === 'Reflect';
  const count = node.arguments?.length ?? 0;
  return name.text === 'apply' ? count >= 2 : isReflect && name.text === 'construct';
}

/**
 * Whether a spread argument has few values by its form: an array that is written there, or the rest of the arguments that
 * the function itself was called with.
 *
 * @param {ts.SpreadElement} spread
 * @param {ts.Node} call
 */
function isShort(spread, call) {
  const expression = bare(spread.expression);
  if (isWritten(expression)) return true;
  if (!ts.isIdentifier(expression)) return false;
  /** @type {ts.Node | undefined} */
  let node = call.parent;
  for (; node !== undefined; node = node.parent) {
    if (!ts.isFunctionLike(node)) continue;
    const names = node.parameters.filter(({ name }) => name.getText() === expression.text);
    if (names.length > 0) return names[0].dotDotDotToken !== undefined;
  }
  return false;
}

/** Without parentheses and types. @param {ts.Expression} expression @returns {ts.Expression} */
function bare(expression) {
  return ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression)
    ? bare(expression.expression)
    : expression;
}

/** @param {ts.Expression} parenthesized @returns {boolean} */
function isWritten(parenthesized) {
  const expression = bare(parenthesized);
  if (ts.isConditionalExpression(expression)) {
    return isWritten(expression.whenTrue) && isWritten(expression.whenFalse);
  }
  return (
    ts.isArrayLiteralExpression(expression) &&
    !expression.elements.some((element) => ts.isSpreadElement(element))
  );
}

/**
 * Finds the spread calls of some rooms. Tests may have some: their data is written in them.
 *
 * @param {string} root - the repository's folder
 * @param {readonly string[]} rooms - `packages/data`, …
 */
export function checkSpreads(root, rooms) {
  return rooms
    .flatMap((room) => [`${room}/src`, `${room}/bin`, `${room}/scripts`])
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map(
        (name) => `${folder}/${String(name)}`,
      ),
    )
    .filter((path) => /\.(?:ts|js|mjs)$/.test(path))
    .flatMap((path) => findSpreads(path, readFileSync(join(root, path), 'utf8')));
}
