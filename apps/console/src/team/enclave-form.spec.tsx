import { afterEach, expect, test } from '@jest/globals';
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { FakeGateway, Refusal } from '../testing/fake-gateway.ts';
import { open } from '../testing/open-page.tsx';
import { replies, teamId } from '../testing/replies.ts';

afterEach(cleanup);

const address = `/teams/${teamId}/settings`;
const panelOf = async () => within(await screen.findByRole('region', { name: 'What enclaves must prove' }));

test('an owner demands more of enclaves, and keeps what was chosen when the sign-in is too old', async () => {
  const { gateway } = open(
    address,
    new FakeGateway().answer('setEnclaveDemands', new Refusal('reauthentication_required')),
  );
  const panel = await panelOf();
  fireEvent.click(await panel.findByLabelText(/^GPUs of enclaves must be proven/));
  fireEvent.change(panel.getByLabelText(/^Patch level/), { target: { value: 'UpToDate' } });
  fireEvent.click(panel.getByRole('button', { name: 'Demand this' }));
  await screen.findByText(/your sign-in must be recent/);
  expect(gateway.asked.find(({ name }) => name === 'setEnclaveDemands')?.body).toEqual({
    ...{ isTeeOnly: false, isGpu: true, isInstance: false, tcb: 'UpToDate' },
  });
  expect(panel.getByLabelText<HTMLInputElement>(/^GPUs of enclaves/).checked).toBe(true);
});

test('somebody who owns nothing here reads what is demanded, and why they cannot change it', async () => {
  open(address, new FakeGateway().answer('getTeam', { ...(replies.getTeam as object), role: 'admin' }));
  const panel = await panelOf();
  await panel.findByText('Only owners may do this. You are an admin here.');
  expect(panel.getByLabelText<HTMLInputElement>(/^Nothing runs outside/).closest('fieldset')?.disabled).toBe(true);
});
