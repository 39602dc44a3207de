import { restoreCommand } from './commands/restore-command.ts';
import { runCommand } from './commands/run-command.ts';

process.exitCode = await runCommand(restoreCommand, process.argv.slice(2));
