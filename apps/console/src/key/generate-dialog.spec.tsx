import { afterEach, expect, test } from '@jest/globals';
import { cleanup, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { FakeGateway, Refusal } from '../testing/fake-gateway.ts';
import { open } from '../testing/open-page.tsx';
import { key, teamId } from '../testing/replies.ts';

afterEach(cleanup);

const secret = `sk-ollm-${'a'.repeat(32)}`;
const dialogOf = async (gateway: FakeGateway) => {
  const opened = open(`/teams/${teamId}/keys?generate=`, gateway);
  return { ...opened, dialog: within(await screen.findByRole('dialog')) };
};
const bodies = ({ asked }: FakeGateway) => asked.filter(({ name }) => name === 'createKey').map(({ body }) => body);

test('a key is limited to models that are chosen from the catalogue, and its secret is on the screen once', async () => {
  const gateway = new FakeGateway().answer('createKey', { ...key, key: secret });
  const { dialog, queries } = await dialogOf(gateway);
  await userEvent.type(dialog.getByLabelText('Name'), 'ci');
  await userEvent.click(dialog.getByText('Restrict'));
  await userEvent.click(dialog.getByLabelText(/^Only these/));
  expect(dialog.getByRole('button', { name: 'Generate' }).ariaDisabled).toBe('true');
  await userEvent.click(await dialog.findByLabelText(/Qwen3 30B/));
  await userEvent.type(dialog.getByLabelText('In all, USD'), '0.01');
  await userEvent.type(dialog.getByLabelText('A day, USD'), '0.005');
  await userEvent.click(dialog.getByLabelText('Only warn beyond the amount a day'));
  await userEvent.type(dialog.getByLabelText('Requests a minute'), '60');
  await userEvent.type(dialog.getByLabelText('Requests at a time'), '4');
  expect(
    dialog.getByText(
      /may call the model near_qwen3_30b.*beyond \$0\.01 in all, 60 requests a minute, and 4 requests at a time\. Beyond \$0\.005 a day it only warns/,
    ),
  ).toBeTruthy();
  await userEvent.click(dialog.getByRole('button', { name: 'Generate' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Show' }));
  expect(bodies(gateway)).toEqual([
    {
      name: 'ci',
      expiresAt: null,
      executionPolicy: 'any',
      models: ['near_qwen3_30b'],
      ipAllowList: null,
      budgets: { total: '0.01', day: '0.005' },
      softBudgets: ['day'],
      rpm: 60,
      tpm: null,
      concurrency: 4,
    },
  ]);
  expect(screen.getByLabelText<HTMLInputElement>('Secret key').value).toBe(secret);
  expect(
    JSON.stringify(
      queries
        .getQueryCache()
        .getAll()
        .map(({ state }) => state.data),
    ),
  ).not.toContain(secret);
  await userEvent.click(screen.getByRole('button', { name: 'I have saved it' }));
  expect(screen.queryByDisplayValue(secret)).toBeNull();
});

test('a name that is taken is said at the field, and what was typed stays', async () => {
  const gateway = new FakeGateway().answer(
    'createKey',
    new Refusal('request_conflict', 'There is a key of this name.'),
  );
  const { dialog } = await dialogOf(gateway);
  const name = dialog.getByLabelText('Name');
  await userEvent.type(name, 'ci{Enter}');
  await dialog.findByText('There is a key of this name.');
  expect([name.ariaInvalid, (name as HTMLInputElement).value]).toEqual(['true', 'ci']);
});
