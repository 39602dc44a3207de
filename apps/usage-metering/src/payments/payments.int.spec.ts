import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  bookMoney,
  cancelPayment,
  hearPayment,
  listMoney,
  openPayment,
  reconcileBooks,
  suspendDebtor,
  tellBalance,
  tellPayments,
  type Payment,
  type TeamId,
  type UserId,
} from '@orgn/contracts';
import { eventually, playResponder, startBackbone, startStripe, type Backbone, type TestStripe } from '@orgn/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { usageMeteringService } from '../service.ts';
import { makeUsageEvent } from '../usage/make.ts';
import { Witnesses } from '../usage/testing/witnesses.ts';

const schema = 'usage_metering';
const userId = `user_${'a'.repeat(32)}` as UserId;
let backbone: Backbone;
let stripe: TestStripe;
let witnesses: Witnesses;
let database: Client;
let teams = 0;
let suspended: string[] = [];

beforeAll(async () => {
  [backbone, stripe] = await Promise.all([startBackbone([{ name: schema, migrations }]), startStripe()]);
  const more = { BILLING: 'prepaid', ...stripe.environment };
  await backbone.start(usageMeteringService, { instance: 'usage-metering-1', schema, more });
  const asSuspended = { name: 'x', standing: 'suspended', suspensionReason: null, createdAt: '' } as const;
  playResponder(backbone.bus, suspendDebtor, ({ teamId }) => {
    suspended.push(teamId);
    return { id: teamId, ...asSuspended };
  });
  witnesses = new Witnesses(backbone.bus);
  database = new Client({ connectionString: backbone.postgres.adminUrl });
  await database.connect();
  await database.query('SET search_path TO usage_metering');
});
afterAll(async () => {
  witnesses.close();
  await database.end();
  await Promise.all([backbone.stop(), stripe.stop()]);
});
beforeEach(() => {
  suspended = [];
});

const newTeam = () => `team_payer-${(teams += 1)}` as TeamId;
const returnUrl = 'https://console.example/teams/x/billing';
const open = (teamId: TeamId, amount = '25.00'): Promise<Payment> =>
  backbone.bus.ask(openPayment, { teamId, userId, amount, returnUrl });
const pageOf = ({ url }: Payment) => url!.split('/').at(-1)!;
const paymentsOf = async (teamId: TeamId) => (await backbone.bus.ask(tellPayments, { teamId })).payments;
const balanceOf = async (teamId: TeamId) => {
  const { fundsNanoUsd, owedNanoUsd } = await backbone.bus.ask(tellBalance, { teamId });
  return [Number(fundsNanoUsd) / 1e7, Number(owedNanoUsd) / 1e7];
};
const events = () => [...stripe.account.events.values()];
const lastEvent = (type: string) => events().findLast((event) => event.type === type)!;
const send = (body: string, signature: string) =>
  backbone.bus.ask(hearPayment, { body: Buffer.from(body).toString('base64'), signature });
const hear = (event = events().at(-1)!, secondsAgo = 0) => {
  const { body, signature } = stripe.signed(event, secondsAgo);
  return send(body, signature);
};
/** Everything that happened since, heard once. */
const hearAll = async (from: number) => {
  for (const event of events().slice(from)) await hear(event);
};
const use = async (teamId: TeamId, cents: number) => {
  await witnesses.publish(makeUsageEvent({ teamId, costNanoUsd: cents * 1e7 }));
  await eventually(() => expect(witnesses.unsettled).toBe(0));
};

describe('paying in', () => {
  test('opens a page for the amount, and credits it once Stripe itself says that it was paid', async () => {
    const teamId = newTeam();
    const payment = await open(teamId);
    expect(payment).toMatchObject({ teamId, userId, amountNanoUsd: '25000000000', state: 'open' });
    const session = stripe.account.session(pageOf(payment));
    expect(session).toMatchObject({ amount_total: 2_500, currency: 'usd', client_reference_id: payment.id });
    expect(session.success_url).toBe(`${returnUrl}?payment=done`);
    stripe.account.pay(session.id, true);
    expect(await hear()).toMatchObject({ outcome: 'booked', taken: [{ kind: 'top_up', isNew: true }] });
    expect(await balanceOf(teamId)).toEqual([2_500, 0]);
    expect((await paymentsOf(teamId))[0]).toMatchObject({ id: payment.id, state: 'paid', url: null });
  });

  test('by a way that takes days is credited when it has arrived, and not at all when it has not', async () => {
    const [arriving, failing] = [newTeam(), newTeam()];
    for (const teamId of [arriving, failing]) {
      const id = pageOf(await open(teamId));
      stripe.account.pay(id, false);
      await hear();
      expect([await balanceOf(teamId), (await paymentsOf(teamId))[0]!.state]).toEqual([[0, 0], 'pending']);
      stripe.account.settle(id, teamId === arriving);
      await hear();
    }
    expect([await balanceOf(arriving), (await paymentsOf(arriving))[0]!.state]).toEqual([[2_500, 0], 'paid']);
    expect([await balanceOf(failing), (await paymentsOf(failing))[0]!.state]).toEqual([[0, 0], 'failed']);
  });

  test('is open for whole cents within the bounds, five at a time', async () => {
    const teamId = newTeam();
    for (const amount of ['4.99', '10000.01', '5.001', '0'])
      await expect(open(teamId, amount)).rejects.toMatchObject({ code: 'invalid_request', param: 'amount' });
    const opened = await Promise.allSettled(Array.from({ length: 8 }, () => open(teamId, '5')));
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(opened.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'request_conflict' } });
    const [one] = await paymentsOf(teamId);
    expect(await backbone.bus.ask(cancelPayment, { teamId, paymentId: one!.id })).toMatchObject({ state: 'expired' });
    expect(stripe.account.session(pageOf(one!)).status).toBe('expired');
    await open(teamId, '5');
  });

  test('cannot be given up once it was paid, nor by another team', async () => {
    const teamId = newTeam();
    const payment = await open(teamId);
    const foreign = backbone.bus.ask(cancelPayment, { teamId: newTeam(), paymentId: payment.id });
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
    stripe.account.pay(pageOf(payment), true);
    const late = backbone.bus.ask(cancelPayment, { teamId, paymentId: payment.id });
    await expect(late).rejects.toMatchObject({ code: 'request_conflict' });
    await hear();
    expect(await balanceOf(teamId)).toEqual([2_500, 0]);
  });

  test('is credited to the team that opened it also when we died before we wrote down its page', async () => {
    const teamId = newTeam();
    const payment = await open(teamId);
    await database.query("UPDATE payments SET session_id = NULL, url = NULL, state = 'opening' WHERE id = $1", [
      payment.id,
    ]);
    stripe.account.pay(pageOf(payment), true);
    await hear();
    expect(await balanceOf(teamId)).toEqual([2_500, 0]);
  });
});

describe('a webhook', () => {
  test('is believed by its signature of the last five minutes, and by nothing else', async () => {
    stripe.account.pay(pageOf(await open(newTeam())), true);
    const { body, signature } = stripe.signed(events().at(-1)!);
    const refused = { code: 'invalid_request' };
    await expect(hear(events().at(-1), 301)).rejects.toMatchObject(refused);
    await expect(send(`${body} `, signature)).rejects.toMatchObject(refused);
    await expect(
      send(
        body,
        signature.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      ),
    ).rejects.toMatchObject(refused);
    await expect(send(body, 't=1,v1=00')).rejects.toMatchObject(refused);
    expect((await send(body, signature)).outcome).toBe('booked');
  });

  test('says where to look and nothing more: amount, currency, state and team are read from Stripe and from us', async () => {
    const teamId = newTeam();
    const id = pageOf(await open(teamId));
    stripe.account.pay(id, false);
    const event = structuredClone(lastEvent('checkout.session.completed'));
    const lies = { amount_total: 999_999, payment_status: 'paid', client_reference_id: null, currency: 'usd' };
    Object.assign(event.data.object, lies, { metadata: { team: 'team_other' } });
    expect(await hear({ ...event, id: 'evt_lies' })).toMatchObject({ outcome: 'nothing', taken: [] });
    expect(await balanceOf(teamId)).toEqual([0, 0]);
  });

  test('about what is none of ours changes nothing', async () => {
    const foreign = stripe.account.open({
      ...{ amount: 5_000, currency: 'usd', clientReferenceId: crypto.randomUUID() },
      ...{ successUrl: '/', cancelUrl: '/', expiresAt: 9_999_999_999, metadata: { team: 'team_payer-1' } },
    });
    const before = await balanceOf('team_payer-1' as TeamId);
    stripe.account.pay(foreign.id, true);
    expect((await hear()).outcome).toBe('nothing');
    const refund = stripe.account.refund(foreign.id);
    expect((await hear(lastEvent('refund.created'))).outcome).toBe('nothing');
    stripe.account.happen('customer.created', { ...refund, object: 'customer' } as never);
    expect((await hear()).outcome).toBe('unknown');
    expect(await balanceOf('team_payer-1' as TeamId)).toEqual(before);
  });

  test('that fails half way is repeated by Stripe and ends the same', async () => {
    const teamId = newTeam();
    stripe.account.pay(pageOf(await open(teamId)), true);
    await database.query('ALTER TABLE payment_events ADD CONSTRAINT never CHECK (false) NOT VALID');
    await expect(hear()).rejects.toBeDefined();
    await database.query('ALTER TABLE payment_events DROP CONSTRAINT never');
    expect(await balanceOf(teamId)).toEqual([2_500, 0]);
    expect(await hear()).toMatchObject({ outcome: 'nothing', taken: [{ isNew: false }] });
    expect((await hear()).outcome).toBe('repeated');
    expect(await balanceOf(teamId)).toEqual([2_500, 0]);
  });
});

describe('money that is taken back', () => {
  test('leaves with each refund, comes back where one did not get through, and is owed where it is spent', async () => {
    const teamId = newTeam();
    const id = pageOf(await open(teamId));
    stripe.account.pay(id, true);
    await hear();
    let from = events().length;
    stripe.account.refund(id, 1_000);
    await hearAll(from);
    expect(await balanceOf(teamId)).toEqual([1_500, 0]);
    from = events().length;
    const { id: refund } = stripe.account.refund(id, 500);
    await hearAll(from);
    expect(await balanceOf(teamId)).toEqual([1_000, 0]);
    stripe.account.failRefund(refund);
    await hear();
    expect(await balanceOf(teamId)).toEqual([1_500, 0]);
    await use(teamId, 1_400);
    from = events().length;
    stripe.account.refund(id, 300);
    await hearAll(from);
    expect([await balanceOf(teamId), suspended]).toEqual([[0, 200], []]);
  });

  test('by a dispute leaves at once; what is spent of it is owed, and the team is stopped once', async () => {
    const [rich, spent] = [newTeam(), newTeam()];
    for (const teamId of [rich, spent]) {
      const id = pageOf(await open(teamId));
      stripe.account.pay(id, true);
      await hear();
      if (teamId === spent) await use(teamId, 2_000);
      else await backbone.bus.ask(bookMoney, { ...credit, teamId });
      const from = events().length;
      stripe.account.dispute(id);
      await hearAll(from);
    }
    expect([await balanceOf(rich), await balanceOf(spent), suspended]).toEqual([[1_000, 0], [0, 2_000], [spent]]);
    const { entries } = await backbone.bus.ask(listMoney, { teamId: spent });
    expect(entries.map(({ kind, debit, credit: to }) => [kind, debit, to])).toEqual([
      ['chargeback', 'receivable', 'outside'],
      ['chargeback', 'funds', 'outside'],
      ['top_up', 'outside', 'funds'],
    ]);
  });

  const credit = {
    kind: 'credit',
    amount: '10',
    reason: 'because',
    actor: 'operator:test',
    idempotencyKey: 'one',
  } as const;

  test('comes back with a dispute that was won, and stays where the bank merely asks', async () => {
    const teamId = newTeam();
    const id = pageOf(await open(teamId));
    stripe.account.pay(id, true);
    await hear();
    stripe.account.dispute(id, 2_500, 'warning_needs_response');
    await hear();
    expect(await balanceOf(teamId)).toEqual([2_500, 0]);
    const { id: dispute } = stripe.account.dispute(id, 2_000);
    await hear();
    expect(await balanceOf(teamId)).toEqual([500, 0]);
    stripe.account.closeDispute(dispute, 'won');
    await hear();
    expect([await balanceOf(teamId), suspended]).toEqual([[2_500, 0], []]);
  });
});

/** Something is taken back of a payment. @returns cents that do not come back */
function takeBack(session: string, what: 'refund' | 'failed refund' | 'dispute' | 'won' | 'lost'): number {
  if (what === 'refund' || what === 'failed refund') {
    const { id } = stripe.account.refund(session, 400);
    if (what === 'failed refund') stripe.account.failRefund(id);
    return what === 'refund' ? 400 : 0;
  }
  const { id } = stripe.account.dispute(session, 300);
  if (what !== 'dispute') stripe.account.closeDispute(id, what);
  return what === 'won' ? 0 : 300;
}

test('whatever order webhooks come in, and however often, they end in the same books', async () => {
  const steps = fc.array(fc.constantFrom(...(['refund', 'failed refund', 'dispute', 'won', 'lost'] as const)), {
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.infiniteStream(fc.nat(99)), fc.boolean(), async (happened, order, atOnce) => {
      const teamId = newTeam();
      const from = events().length;
      const id = pageOf(await open(teamId));
      stripe.account.pay(id, atOnce);
      if (!atOnce) stripe.account.settle(id, true);
      const left = 2_500 - happened.reduce((sum, what) => sum + takeBack(id, what), 0);
      const said = events().slice(from);
      const shuffled = [...said, ...said].map((event) => ({ event, at: Number(order.next().value) }));
      for (const { event } of shuffled.sort((a, b) => a.at - b.at)) await hear(event);
      expect(await balanceOf(teamId)).toEqual([left, 0]);
    }),
    { numRuns: process.env.TEST_LONG === '1' ? 500 : 15 },
  );
});

test('after all of this the books agree', async () => {
  const { lines } = await backbone.bus.ask(reconcileBooks, {});
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.filter(({ differing }) => differing > 0)).toEqual([]);
});
