import { type Command, CommanderError } from 'commander';
import { makeProgram } from './program.js';
import { guardOutput, messageOf, reportError, RunFailed } from './terminal/errors.js';
import { printDocument } from './terminal/output.js';
import { complain, print } from './terminal/streams.js';

guardOutput();
process.on('uncaughtException', (error) => {
  process.exit(fail(error));
});

/** Errors whose output commander has already written. */
const PRINTED: ReadonlySet<string> = new Set([
  'commander.helpDisplayed',
  'commander.help',
  'commander.version',
]);

const program = makeProgram((status) => {
  if (status !== 0) process.exitCode = status;
});
let called: Command | undefined;
program.hook('preAction', (_, command) => {
  called = command;
});
for (const command of withSubcommands(program)) {
  command.exitOverride().configureOutput({
    writeOut: (text) => print(linesOf(text)),
    writeErr: (text) => complain(linesOf(text)),
    outputError: () => {}, // reportError writes them
  });
}

try {
  await program.parseAsync();
} catch (error) {
  const hasPrinted = error instanceof CommanderError && PRINTED.has(error.code);
  if (!hasPrinted) process.exitCode = fail(error);
  else if (error.exitCode !== 0) process.exitCode = 2; // no command: the help went to stderr
}

/** Says what went wrong, with `--json` on stdout too. @returns the exit status */
function fail(error: unknown): number {
  const command = calledCommand();
  const exitStatus = reportError(error, command);
  if (process.argv.includes('--json') || called?.getOptionValue('json') === true) {
    const result = error instanceof RunFailed ? error.result : {};
    const failed = { status: 'failed', command: command ?? null, exitStatus };
    printDocument({ ...failed, error: messageOf(error), ...result });
  }
  return exitStatus;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** The lines of a help. */
function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** The first argument, where it is a command. */
function calledCommand(): string | undefined {
  const [name] = process.argv.slice(2);
  return program.commands.find((command) => command.name() === name)?.name();
}
