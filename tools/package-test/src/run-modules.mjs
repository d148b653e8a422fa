import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { runCommand } from './run-command.mjs';

/** @import { ConsumerModule } from './consumer-modules.mjs' */

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

/**
 * A module as plain JavaScript.
 *
 * @param {string} code - TypeScript
 * @returns {string}
 */
export function stripTypes(code) {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  return outputText;
}
