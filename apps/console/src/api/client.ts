import { ConsoleClient } from '@orgn/console-api';

/** The console API of the host that this page came from. */
export const api = new ConsoleClient();
