import type { Command } from 'commander';
import { UsageError } from '@llm101/runs';
import { print } from '../../terminal/streams.js';
import { HELP_TOPICS } from './topics.js';

/** `llm101 help`, `llm101 help train`, `llm101 help settings`. */
export function addHelp(program: Command): void {
  const topics = Object.keys(HELP_TOPICS);
  const width = topics.reduce((most, name) => Math.max(most, name.length), 0);
  const list = topics.map((name) => `  ${name.padEnd(width)}  ${HELP_TOPICS[name].summary}`);
  program
    .command('help')
    .summary(`explain a command or a topic: ${topics.join(', ')}`)
    .description('Explains a command, or a topic.')
    .argument('[name]', 'a command, or a topic')
    .addHelpText('after', `\nTopics:\n${list.join('\n')}`)
    .action((name: string | undefined) => {
      if (name === undefined) return program.outputHelp();
      const command = program.commands.find((other) => other.name() === name);
      if (command !== undefined) return command.outputHelp();
      if (Object.hasOwn(HELP_TOPICS, name)) return print(HELP_TOPICS[name].text.split('\n'));
      throw new UsageError(
        `there is no command or topic ${JSON.stringify(name)}; the topics are ${topics.join(', ')}`,
      );
    });
}
