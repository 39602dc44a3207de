import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { operatorName, readBusUsers, writeBusUsers } from './bus-users.mjs';
import { recordedProcesses } from './leftovers.mjs';
import { withLock } from './lock.mjs';
import { logLength, tailOf } from './log-file.mjs';
import { busFolder } from './nats.mjs';
import { userPublicKey, userSeed } from './nkeys.mjs';
import { isAlive } from './process-identity.mjs';
import { stackPaths } from './stack-dir.mjs';

/** A refusal with a code, as the operator commands print it. */
export class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * A deployment's list of bus users, and how its server is told that it has changed.
 * @typedef {object} Deployment
 * @property {string} folder of `users.json` and `users.conf`
 * @property {() => Promise<string>} reload @returns what is left to do, or nothing
 */

/** The embedded stack in `dir`. @returns {Deployment} */
export function embeddedBus(dir) {
  const paths = stackPaths(dir);
  const isNats = ({ name }) => name === 'nats';
  const server = () => recordedProcesses(paths).children.filter(isAlive).find(isNats);
  return { folder: busFolder(dir), reload: () => reloadEmbedded(server(), join(paths.logs, 'nats.log')) };
}

/** The compose deployment of the repository in `root`. @returns {Deployment} */
export function composeBus(root) {
  return { folder: join(root, 'deploy', 'bus'), reload: async () => reloadCompose(root) };
}

/** Does an embedded stack run in `dir`? */
export function isRunning(dir) {
  return recordedProcesses(stackPaths(dir)).children.some(isAlive);
}

/**
 * Lets somebody ask as an operator, under a name that the bus proves.
 * @returns the operator with its seed, which is kept nowhere
 * @throws {Refusal}
 */
export function addOperator(deployment, name) {
  if (!operatorName.test(name)) {
    throw new Refusal('invalid_request', 'A name has 1 to 32 of a-z, 0-9 and -, and neither begins nor ends with -.');
  }
  const seed = userSeed();
  const operator = { name, nkey: userPublicKey(seed), addedAt: new Date().toISOString() };
  return change(deployment, (operators) => {
    if (operators.some((one) => one.name === name)) {
      throw new Refusal('request_conflict', `There is an operator ${name}. Revoke it first to give it another seed.`);
    }
    return { operators: [...operators, operator], result: { ...operator, seed } };
  });
}

/** Ends an operator's access; its connections are closed. @throws {Refusal} */
export function revokeOperator(deployment, name) {
  return change(deployment, (operators) => {
    const found = operators.find((one) => one.name === name);
    if (!found) throw new Refusal('not_found', `There is no operator ${name}.`);
    return { operators: operators.filter((one) => one !== found), result: found };
  });
}

/** @throws {Refusal} */
export function listOperators({ folder }) {
  return usersIn(folder).operators;
}

async function change({ folder, reload }, edit) {
  usersIn(folder);
  return withLock(join(folder, 'users.lock'), async () => {
    const users = usersIn(folder);
    const { operators, result } = edit(users.operators);
    writeBusUsers(folder, { ...users, operators });
    const left = await reload().catch((error) => {
      // What the server does not take it must not find when it starts again either.
      writeBusUsers(folder, users);
      throw error;
    });
    return { result, left };
  });
}

function usersIn(folder) {
  const users = existsSync(folder) ? readBusUsers(folder) : undefined;
  if (!users) {
    throw new Refusal('service_unavailable', 'There is no deployment: `npm start`, or `npm run secrets` for compose.');
  }
  return users;
}

const reloadBoundMs = 10_000;

/** The server says in its log whether it took the new list; by then it has closed the connections of who is not on it. */
async function reloadEmbedded(server, log) {
  if (!server) return '';
  const from = logLength(log);
  process.kill(server.pid, 'SIGHUP');
  for (let waited = 0; waited < reloadBoundMs; waited += 50) {
    const said = tailOf(log, { from }).join('\n');
    if (said.includes('Reloaded server configuration')) return '';
    if (said.includes('Failed to reload'))
      throw new Refusal('internal', 'The bus refused the new list of users; it is as before.');
    await delay(50);
  }
  throw new Refusal('service_unavailable', 'The bus did not say that it took the new list of users; it is as before.');
}

/** The container of the bus looks at the list by itself, every five seconds; where Docker can be asked it need not wait for that. */
function reloadCompose(root) {
  const { status } = spawnSync('docker', ['compose', 'kill', '-s', 'HUP', 'nats'], { cwd: root, stdio: 'ignore' });
  return status === 0 ? '' : 'The list is written; the bus reads it within five seconds.';
}
