import ts from 'typescript';

const TYPE_KEYWORD = ts.SyntaxKind.TypeKeyword;

/**
 * A module that a file names.
 *
 * @typedef {object} Import
 * @property {string} specifier
 * @property {number} line - from 1
 * @property {boolean} typesOnly - whether it is gone at run time: `import type`, `export type` or `import('x').T` in
 *   a type. Not `import { type T }`: under `verbatimModuleSyntax` it still loads the module.
 */

/**
 * What the checks need to know of a file.
 *
 * @typedef {object} Source
 * @property {readonly Import[]} imports - in order
 * @property {readonly number[]} randomLines - the lines that reach for `Math.random`
 */

/**
 * @param {string} file - its ending decides how it is parsed
 * @param {string} text
 * @returns {Source}
 */
export function parseSource(file, text) {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  /** @type {Import[]} */
  const imports = [];
  /** @type {number[]} */
  const randomLines = [];

  /** @param {ts.Node} node */
  const visit = (node) => {
    const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
    const found = importOf(node);
    if (found !== undefined) imports.push({ ...found, line });
    if (isMathRandom(node)) randomLines.push(line);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { imports, randomLines };
}

/**
 * @param {ts.Node} node
 * @returns {{ specifier: string, typesOnly: boolean } | undefined}
 */
function importOf(node) {
  if (ts.isImportDeclaration(node)) {
    return named(node.moduleSpecifier, node.importClause?.phaseModifier === TYPE_KEYWORD);
  }
  if (ts.isExportDeclaration(node)) return named(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node)) {
    return named(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return named(node.moduleReference.expression, node.isTypeOnly);
  }
  if (ts.isCallExpression(node) && isImportOrRequire(node.expression)) {
    return named(node.arguments[0], false);
  }
  return undefined;
}

/**
 * @param {ts.Node | undefined} specifier
 * @param {boolean} typesOnly
 */
function named(specifier, typesOnly) {
  if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return undefined;
  return { specifier: specifier.text, typesOnly };
}

/** @param {ts.Expression} callee */
function isImportOrRequire(callee) {
  const isRequire = ts.isIdentifier(callee) && callee.text === 'require';
  return isRequire || callee.kind === ts.SyntaxKind.ImportKeyword;
}

/**
 * `Math.random`, `Math['random']` or `{ random } = Math`.
 *
 * @param {ts.Node} node
 */
function isMathRandom(node) {
  if (ts.isPropertyAccessExpression(node)) {
    return node.name.text === 'random' && isMath(node.expression);
  }
  if (ts.isElementAccessExpression(node)) {
    const { argumentExpression: name, expression } = node;
    return ts.isStringLiteralLike(name) && name.text === 'random' && isMath(expression);
  }
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
    const taken = node.name.elements.map(({ name, propertyName }) => propertyName ?? name);
    return isMath(node.initializer) && taken.some((n) => ts.isIdentifier(n) && n.text === 'random');
  }
  return false;
}

/**
 * `Math`, also as `globalThis.Math`.
 *
 * @param {ts.Expression | undefined} node
 * @returns {boolean}
 */
function isMath(node) {
  if (node === undefined) return false;
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'Math';
  return ts.isIdentifier(node) && node.text === 'Math';
}
