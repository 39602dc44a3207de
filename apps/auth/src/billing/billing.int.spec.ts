import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { bookMoney, creditTeam, hearPayment, MAX_WEBHOOK_BYTES } from '@orgn/contracts';
import { eventually, startStripe, type TestStripe } from '@orgn/testing';
import { Metering } from '../testing/metering.ts';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';

let host: TeamHost;
let metering: Metering;
let stripe: TestStripe;
let team: TestTeam;

interface Paid {
  id: string;
  url: string;
  state: string;
}

beforeAll(async () => {
  host = await TeamHost.start();
  stripe = await startStripe(`${host.auth.url}/api/webhooks/stripe`);
  metering = await Metering.beside(host.auth, { BILLING: 'prepaid', ...stripe.environment });
});
afterAll(async () => {
  await stripe.stop();
  await metering.close();
  await host.stop();
});
beforeEach(async () => {
  team = await host.team();
});

const pay = (amountUsd: unknown, by = team.owner) =>
  host.call(by, 'POST', `/api/teams/${team.id}/payments`, { amountUsd });
const opened = async (amountUsd = '25') => (await pay(amountUsd)).body as unknown as Paid;
const pageOf = ({ url }: Paid) => url.split('/').at(-1)!;
const fundsOf = async () => (await host.call(team.admin, 'GET', `/api/teams/${team.id}/balance`)).body.fundsNanoUsd;
const send = (body: string, headers: Record<string, string>) =>
  fetch(`${host.auth.url}/api/webhooks/stripe`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('paying in', () => {
  test('moves the balance, and each step is in the audit log by whoever did it', async () => {
    const paid = await opened();
    expect(await fundsOf()).toBe('0');
    const page = await fetch(paid.url, { method: 'POST', body: 'how=card', redirect: 'manual' });
    expect(page.headers.get('location')).toBe(`${host.auth.url}/teams/${team.id}/billing?payment=done`);
    await eventually(async () => expect(await fundsOf()).toBe('25000000000'));
    await eventually(async () =>
      expect((await host.entries(team)).slice(-2)).toMatchObject([
        { action: 'payment.opened', actor_kind: 'user', actor_id: team.owner.userId },
        { action: 'balance.topped_up', actor_kind: 'system', after: { amountNanoUsd: '25000000000' } },
      ]),
    );
    const { body } = await host.call(team.admin, 'GET', `/api/teams/${team.id}/billing`);
    expect(body).toMatchObject({
      balance: { fundsNanoUsd: '25000000000', billing: 'prepaid' },
      burn: { dayNanoUsd: '0', daysLeft: null },
      terms: { minUsd: '5', maxUsd: '10000' },
      payments: [{ id: paid.id, state: 'paid', url: null }],
    });
    const ledger = await host.call(team.admin, 'GET', `/api/teams/${team.id}/ledger?limit=1`);
    expect(ledger.body).toMatchObject({ data: [{ kind: 'top_up', amountNanoUsd: '25000000000' }], nextCursor: null });
  });

  test('asks for a recent sign-in, and for an amount within the bounds', async () => {
    for (const amount of ['4.99', '10000.01', 5.001]) {
      const { status, body } = await pay(amount);
      expect([status, body.code]).toEqual([400, 'invalid_request']);
    }
    await host.age(team.owner);
    expect((await pay('25')).body.code).toBe('reauthentication_required');
  });

  test('can be given up while nobody has paid', async () => {
    const paid = await opened();
    const path = `/api/teams/${team.id}/payments/${paid.id}`;
    expect((await host.call(team.owner, 'DELETE', path)).body).toMatchObject({ state: 'expired', url: null });
    expect(await host.call(team.owner, 'DELETE', path)).toMatchObject({ status: 409 });
    expect(stripe.account.session(pageOf(paid)).status).toBe('expired');
  });

  test('a team that owes what was taken back from it is stopped, and its owner reads why', async () => {
    const paid = await opened();
    stripe.account.pay(pageOf(paid), true);
    await eventually(async () => expect(await fundsOf()).toBe('25000000000'));
    await metering.use({ teamId: team.id, keyId: `key_${'1'.repeat(32)}`, costNanoUsd: 0 });
    await metering.database.query(
      'UPDATE usage_rows SET cost_nano_usd = 24000000000, billing = $2 WHERE team_id = $1',
      [team.id, 'prepaid'],
    );
    stripe.account.dispute(pageOf(paid));
    await eventually(async () => {
      const { body } = await host.call(team.owner, 'GET', `/api/teams/${team.id}`);
      expect([body.standing, body.suspensionReason]).toEqual(['suspended', expect.stringContaining('taken back')]);
    });
    const actions = (await host.entries(team)).map(({ action, actor_kind }) => [action, actor_kind]);
    expect(actions).toContainEqual(['team.suspended', 'system']);
    await eventually(async () =>
      expect((await host.entries(team)).map(({ action }) => action)).toContain('balance.charged_back'),
    );
  });
});

describe('a webhook', () => {
  test('needs no session, and is refused where its signature is not Stripe’s', async () => {
    const paid = await opened();
    stripe.webhooks.isMuted = true;
    stripe.account.pay(pageOf(paid), true);
    stripe.webhooks.isMuted = false;
    const event = [...stripe.account.events.values()].at(-1)!;
    const { body, signature } = stripe.signed(event);
    for (const forged of ['', 'nonsense', signature.replace(/v1=../, 'v1=zz'), stripe.signed(event, 600).signature])
      expect((await send(body, { 'stripe-signature': forged })).status).toBe(400);
    expect(await fundsOf()).toBe('0');
    expect((await send(body, { 'stripe-signature': signature, origin: 'https://evil.test' })).status).toBe(200);
    expect(await fundsOf()).toBe('25000000000');
  });

  test('is written down once, also by who hears it after the first one had no time to', async () => {
    const paid = await opened();
    stripe.webhooks.isMuted = true;
    stripe.account.pay(pageOf(paid), true);
    stripe.webhooks.isMuted = false;
    const { body, signature } = stripe.signed([...stripe.account.events.values()].at(-1)!);
    // Whoever asked this died with the answer in hand.
    await host.auth.backbone.bus.ask(hearPayment, { body: Buffer.from(body).toString('base64'), signature });
    const written = async () =>
      (await host.entries(team)).filter(({ action }) => action === 'balance.topped_up').length;
    expect([await fundsOf(), await written()]).toEqual(['25000000000', 0]);
    const answers = await Promise.all([1, 2, 3].map(() => send(body, { 'stripe-signature': signature })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([await fundsOf(), await written()]).toEqual(['25000000000', 1]);
  });

  test('may have 64 KiB and no more', async () => {
    const { signature } = stripe.signed([...stripe.account.events.values()][0]!);
    const sized = (bytes: number) => send('x'.repeat(bytes), { 'stripe-signature': signature });
    expect((await sized(MAX_WEBHOOK_BYTES)).status).toBe(400);
    const refused = await sized(MAX_WEBHOOK_BYTES + 1);
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([413, 'request_too_large']);
  });
});

describe('what an operator books', () => {
  test('is written down once, also when whoever booked it had no time to', async () => {
    const { bus } = host.auth.backbone;
    const booking = { teamId: team.id, amount: '5', reason: 'because', idempotencyKey: 'once' };
    // Whoever asked this died with the answer in hand.
    await bus.ask(bookMoney, { ...booking, kind: 'credit', actor: 'operator:test' });
    for (let turn = 0; turn < 2; turn += 1) expect((await bus.ask(creditTeam, booking)).isNew).toBe(false);
    const written = (await host.entries(team)).filter(({ action }) => action === 'balance.credited');
    expect(written).toMatchObject([{ actor_kind: 'operator', after: { amountUsd: '5', booking: 'once' } }]);
  });
});

describe('a statement', () => {
  test('is a file that spreadsheets read, and adds up', async () => {
    const paid = await opened('30');
    stripe.account.pay(pageOf(paid), true);
    await eventually(async () => expect(await fundsOf()).toBe('30000000000'));
    const month = new Date().toISOString().slice(0, 7);
    const path = `/api/teams/${team.id}/statement?month=${month}&format=csv`;
    const answer = await host.auth.call(team.admin, 'GET', path);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="statement-${month}.csv"`);
    const lines = (await answer.text()).trim().split('\r\n');
    expect([lines[0], lines[1]]).toEqual(['at,what,usd,reason,by', `${month}-01,opening,0.000000000,,`]);
    expect(lines.slice(2).map((line) => line.split(',').slice(1).join(','))).toEqual([
      'top_up,30.000000000,Paid in,stripe',
      'closing,30.000000000,,',
    ]);
  });
});
