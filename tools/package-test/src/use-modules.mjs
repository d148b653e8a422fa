import ts from 'typescript';
import { writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripTypes } from './consumer-modules.mjs';
import { runCommand } from './run-command.mjs';

/** @import { ConsumerModule } from './consumer-modules.mjs' */

/** @type {ts.CompilerOptions} */
const OPTIONS = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  skipLibCheck: false,
  noEmit: true,
};

/** Node's types as this repository has them. */
const TYPE_ROOT = fileURLToPath(new URL('..', import.meta.resolve('@types/node/package.json')));

/**
 * Type-checks modules as a user would, together with the declarations of the package and of its siblings. What
 * TypeScript holds against other people's declarations is left out.
 *
 * @param {string} folder - where `<name>.mts` lies for each module
 * @param {readonly ConsumerModule[]} modules
 * @param {string} scope - of the package: `@llm101`
 * @returns {string[]} a problem a line
 */
export function checkTypes(folder, modules, scope) {
  const groups = [modules.filter((m) => m.needsNode), modules.filter((m) => !m.needsNode)];
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group) => checkGroup(folder, group, scope));
}

/**
 * @param {string} folder
 * @param {readonly ConsumerModule[]} modules - all with Node's types or all without
 * @param {string} scope
 */
function checkGroup(folder, modules, scope) {
  const paths = new Map(modules.map((module) => [join(folder, `${module.name}.mts`), module]));
  const program = ts.createProgram([...paths.keys()], {
    ...OPTIONS,
    typeRoots: [TYPE_ROOT],
    types: modules[0].needsNode ? ['node'] : [],
  });
  const siblings = join(folder, 'node_modules', scope) + sep;
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => paths.has(fileName) || fileName.startsWith(siblings));
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...ours.flatMap((file) => program.getSyntacticDiagnostics(file)),
    ...ours.flatMap((file) => program.getSemanticDiagnostics(file)),
  ];
  return diagnostics.map((diagnostic) => describe(diagnostic, folder, paths));
}

/**
 * @param {ts.Diagnostic} diagnostic
 * @param {string} folder
 * @param {ReadonlyMap<string, ConsumerModule>} paths
 */
function describe({ file, start = 0, messageText, code }, folder, paths) {
  const message = `${ts.flattenDiagnosticMessageText(messageText, '\n')} (TS${code})`;
  if (file === undefined) return message;
  const line = file.getLineAndCharacterOfPosition(start).line + 1;
  const module = paths.get(file.fileName);
  const place = module
    ? `${module.where}, line ${line} of the snippet`
    : `${file.fileName.slice(folder.length + 1)}:${line}`;
  return `${place}: ${message}`;
}

/**
 * Runs each module with plain Node, its types removed, and compares what it prints with what it must print.
 *
 * @param {string} folder - where the package is installed
 * @param {readonly ConsumerModule[]} modules
 * @returns {string[]} a problem each
 */
export function runModules(folder, modules) {
  return modules.flatMap(({ name, where, code, output: expected }) => {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(file, stripTypes(code));
    const { isSuccess, stdout, output } = runCommand(process.execPath, [file], folder);
    if (!isSuccess) return [`${where} fails:\n${output}`];
    const printed = stdout.trimEnd();
    if (expected === undefined || printed === expected) return [];
    return [`${where} prints:\n${printed}\nand the README says:\n${expected}`];
  });
}
