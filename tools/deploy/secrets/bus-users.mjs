import { readFileSync } from 'node:fs';
import { busServices, firstOperator, readBusUsers, writeBusUsers } from '../../stack/bus-users.mjs';
import { userPublicKey } from '../../stack/nkeys.mjs';
import { fileOf } from './secret-folder.mjs';
import { seedVariable } from './secret-table.mjs';

/**
 * Lists the users of the bus, by the public keys of their seeds, for deploy/nats.conf. Operators that were added, or revoked,
 * stay so.
 * @param {string} folder where the list is
 * @param {string} secrets the folder of the seeds
 */
export function settleBusUsers(folder, secrets) {
  const keyOf = (user) => userPublicKey(readFileSync(fileOf(secrets, seedVariable(user)), 'utf8').trimEnd());
  const known = readBusUsers(folder);
  const services = Object.fromEntries(busServices.map((service) => [service, keyOf(service)]));
  const first = { name: firstOperator, nkey: keyOf(firstOperator), addedAt: new Date().toISOString() };
  const operators = known?.operators.map((one) => (one.name === firstOperator ? { ...one, nkey: first.nkey } : one));
  const users = { services, operators: operators ?? [first] };
  if (JSON.stringify(users) !== JSON.stringify(known)) writeBusUsers(folder, users);
}
