import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { allContracts } from './all-contracts.ts';
import { operatorPermissions, permissionsOf, toNatsPermissions } from './permissions.ts';
import { services } from './parties.ts';

const file = join(import.meta.dirname, '../../../deploy/bus/permissions.conf');

describe('permissions', () => {
  test('of a release are those of its contracts (UPDATE_DOCS=1 writes them again)', () => {
    if (process.env.UPDATE_DOCS) writeFileSync(file, toNatsPermissions());
    expect(readFileSync(file, 'utf8')).toBe(toNatsPermissions());
  });

  test('let a service hear its own inboxes only, and write only to those that name it', () => {
    for (const service of services) {
      const { publish, subscribe } = permissionsOf(service);
      const inboxes = (subjects: string[]) => subjects.filter((subject) => /^(_INBOX|[*>])/.test(subject));
      expect([inboxes(publish), inboxes(subscribe)]).toEqual([[`_INBOX.*.${service}.>`], [`_INBOX.${service}.>`]]);
    }
  });

  test('have nobody hear a request beside the group that answers it', () => {
    const requests = allContracts.filter(({ kind }) => kind === 'request').map(({ subject }) => subject);
    for (const service of services) {
      const heard = permissionsOf(service).subscribe.filter((subject) =>
        requests.includes(subject.replace(/^ops\.\*\./, '')),
      );
      expect(heard).toEqual([]);
    }
  });

  test('give operators subjects under their own name', () => {
    expect(operatorPermissions('alice')).toEqual({
      publish: ['ops.alice.>'],
      subscribe: ['_INBOX.op-alice.>', 'broadcast.alerts', 'broadcast.usage.changed'],
    });
  });
});
