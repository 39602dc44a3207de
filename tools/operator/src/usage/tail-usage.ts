import { usageChanged } from '@orgn/contracts';
import { tailCommand } from '../tail-command.ts';

/** Prints usage rows as they are settled. */
export const tailUsageCommand = tailCommand(usageChanged, ({ rows }) => rows);
