import { type Command, CommanderError } from 'commander';
import { makeProgram } from './program.js';
import { reportError } from './report-error.js';

// A reader that has gone, as in `llm101 sample | head -1`, is no reason to fail or to end a run.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = 1;
  });
}

/** Ends that commander has written all about. */
const PRINTED: ReadonlySet<string> = new Set([
  'commander.helpDisplayed',
  'commander.help',
  'commander.version',
]);

const program = makeProgram((status) => {
  process.exitCode = status;
});
for (const command of withSubcommands(program)) {
  command.exitOverride().configureOutput({ outputError: () => {} }); // reportError writes them
}

try {
  await program.parseAsync();
} catch (error) {
  const hasPrinted = error instanceof CommanderError && PRINTED.has(error.code);
  if (!hasPrinted) process.exitCode = reportError(error);
  else if (error.exitCode !== 0) process.exitCode = 2; // no command: the help went to stderr
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
