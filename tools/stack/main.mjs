/** The supervisor of a stack, started by launcher.mjs under the pinned Node with its options as JSON. */
import { orgnStack } from './orgn-stack.mjs';
import { supervise } from './supervisor.mjs';

process.exit(await supervise(JSON.parse(process.argv[2]), orgnStack));
