import { backupCommand } from './commands/backup-command.ts';
import { runCommand } from './commands/run-command.ts';

process.exitCode = await runCommand(backupCommand, process.argv.slice(2));
