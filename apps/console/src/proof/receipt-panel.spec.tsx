import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { makeBundle, madeRequest, madeResponse, type MadeBundle } from '@orgn/receipts/testing';
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { FakeGateway, Refusal } from '../testing/fake-gateway.ts';
import { open } from '../testing/open-page.tsx';
import { replies, requestId, teamId } from '../testing/replies.ts';
import { proofStateOf } from './proof-state.tsx';
import { stateOf, verifyHere } from './verify-here.ts';

/** Nothing is compiled in a test, and quotes are verified twice. */
const slow = { timeout: 100_000 };
let made: MadeBundle;
beforeAll(async () => (made = await makeBundle()));
afterEach(cleanup);

const address = `/teams/${teamId}/verification?id=${requestId}`;
const reply = replies.getReceipt as { receipt: { orgn: object } };
const withReceipt = (orgn: object) =>
  new FakeGateway().answer('getReceipt', {
    state: 'there',
    receipt: { ...reply.receipt, orgn: { ...reply.receipt.orgn, ...orgn } },
  });
const withBundle = () =>
  new FakeGateway().answer('getReceiptBundle', JSON.parse(made.text)).answer('listReceiptKeys', made.keys);
const step = (name: string) =>
  within(screen.getByRole('list', { name: 'What the gateway checked' }))
    .getByText(name)
    .closest('li')!;

describe('the proof of an answer', () => {
  test('says of each step in words whether it passed, failed, or was not checked', async () => {
    open(address);
    await screen.findByText('The gateway says: verified');
    expect(step('The processor is genuine').textContent).toMatch(/^passed: /);
    expect(step('The answer came from there').textContent).toMatch(/^failed: /);
    expect(step('The GPUs are genuine').textContent).toMatch(/^not checked: /);
    expect(step('The processor is genuine').textContent).toContain('signed by hardware');
    screen.getByText('Development root');
  });

  test('claims no enclave where there is none, and says whose word it is', async () => {
    open(address, withReceipt({ execution: 'zdr', provider: 'vercel', session: null, channel: null, checks: [] }));
    await screen.findByText(/^No hardware proves anything here\. vercel promises/);
    expect(screen.queryByRole('list', { name: 'What the gateway checked' })).toBeNull();
  });

  test.each([
    ['due', 'The receipt is being made'],
    ['unavailable', 'The receipt was lost'],
    ['none', 'There is no receipt'],
  ])('is not there: %s', async (state, words) => {
    open(address, new FakeGateway().answer('getReceipt', { state, receipt: null }));
    await screen.findByText(words);
    expect(screen.queryByRole('button', { name: 'Verify in this browser' })).toBeNull();
  });

  test('leads to the files and the command that need nobody’s word', async () => {
    open(address);
    const link = await screen.findByRole('link', { name: 'Receipt with evidence' });
    expect(link.getAttribute('href')).toBe(`/api/teams/${teamId}/requests/${requestId}/receipt/bundle`);
    screen.getByText(/come from the operator of this gateway/);
  });
});

describe('verifying in this browser', () => {
  test('makes every check anew, and never calls evidence of a simulator proven', async () => {
    open(address, withBundle());
    fireEvent.click(await screen.findByRole('button', { name: 'Verify in this browser' }));
    const found = await screen.findByRole('region', { name: 'Verified in this browser' }, slow);
    within(found).getByText('Good, by a development root');
    within(found).getByText("A key of the deployment's signed the receipt.");
    expect(found.querySelectorAll('.proof-sign.fail')).toHaveLength(0);
  }, 120_000);

  test('says that it failed when a key of somebody else signed', async () => {
    const key = { ...made.keys.keys[0]!, public_key: '1'.repeat(64) };
    open(address, withBundle().answer('listReceiptKeys', { keys: [key] }));
    fireEvent.click(await screen.findByRole('button', { name: 'Verify in this browser' }));
    const found = await screen.findByRole('region', { name: 'Verified in this browser' }, slow);
    within(found).getByText('Failed');
  }, 120_000);

  test('says what failed when the evidence cannot be had', async () => {
    open(address, withBundle().answer('getReceiptBundle', new Refusal('not_found', 'It is not kept any more.')));
    fireEvent.click(await screen.findByRole('button', { name: 'Verify in this browser' }));
    await screen.findByText('It is not kept any more.');
  });

  test('checks a file that was chosen, and calls what is no receipt failed', async () => {
    open(`/teams/${teamId}/verification`, withBundle());
    const input = await screen.findByLabelText(/^Drop a receipt/);
    const choose = (text: string, name: string) => {
      // jsdom has files whose text nobody can read.
      const file = Object.assign(new File([text], name), { text: () => Promise.resolve(text) });
      fireEvent.change(input, { target: { files: [file] } });
    };
    choose('{"receipt": 1}', 'bad.json');
    fireEvent.click(await screen.findByRole('button', { name: 'Verify in this browser' }));
    await screen.findByText('Failed');
    screen.getByText('bad.json');
  });

  test('compares the very bytes that the page sent and got', async () => {
    const given = { bundle: made.text, keys: JSON.stringify(made.keys) };
    const seen = { request: madeRequest, response: madeResponse };
    const good = await verifyHere({ ...given, seen });
    expect([stateOf(good), good.receiptChecks.filter(({ status }) => status !== 'pass')]).toEqual(['development', []]);
    const other = await verifyHere({ ...given, seen: { ...seen, response: madeResponse.subarray(1) } });
    expect(stateOf(other)).toBe('failed');
  }, 120_000);
});

test('the head of an answer alone is never called proven', () => {
  expect(
    ['verified', 'failed', 'unknown', 'proven', null, 'constructor'].map((said) => proofStateOf('tee', said)),
  ).toEqual(['by_gateway', 'failed', 'not_proven', 'not_checked', 'not_checked', 'not_checked']);
  expect(proofStateOf('zdr', 'verified')).toBe('not_an_enclave');
});
