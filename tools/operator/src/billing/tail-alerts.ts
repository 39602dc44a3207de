import { alertChanged } from '@orgn/contracts';
import { tailCommand } from '../tail-command.ts';

/** Prints alerts as they open and close. */
export const tailAlertsCommand = tailCommand(alertChanged, ({ alerts }) => alerts);
