import { runMigrations } from './run-migrations.ts';

process.exitCode = await runMigrations((line) => process.stderr.write(`migrate: ${line}\n`));
