import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { canonicalJson } from '@orgn/attestation';
import { requestId, teamId, type RequestId, type TeamId } from '@orgn/contracts';
import { makeBundle, type MadeBundle } from '@orgn/receipts/testing';
import type { Bus } from '@orgn/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { NewReceipt } from './receipts.repository.ts';
import type { Packing } from './receipt-packer.ts';
import { Retention } from './retention.ts';
import { startArchive, type TestArchive } from './testing/test-archive.ts';

const acme = teamId.parse('team_acme');
const other = teamId.parse('team_other');
const HOUR_MS = 3_600_000;
const atOnce: Packing = { newSeconds: 0, least: 1, mostSeconds: 0 };
let archive: TestArchive;
let made: MadeBundle;

beforeAll(async () => {
  archive = await startArchive();
  made = await makeBundle();
});
beforeEach(() => archive.admin.query('TRUNCATE receipts, receipt_blocks, contents, log_waiting, log_places'));
afterAll(() => archive.stop());

/** Receipts of answers of a moment each; of every second one no enclave was verified. */
function makeReceipts(count: number, owner: TeamId = acme, msecs = () => Date.now()): NewReceipt[] {
  return Array.from({ length: count }, (_, at) => {
    const id = requestId.parse(uuidv7({ msecs: msecs() }));
    const { receipt } = made.bundle;
    const nothing = at % 2 ? { session: null, policy: null } : {};
    const orgn = { ...receipt.orgn, ...nothing, reason: 'Ä "\\ \n \u0001 "policy":null,' };
    const chat = at % 3 ? `chatcmpl-${id.replaceAll('-', '')}` : null;
    return { teamId: owner, receipt: { ...receipt, receipt_id: id, chat_id: chat, orgn }, evidence: [] };
  });
}

const idOf = ({ receipt }: NewReceipt) => receipt.receipt_id as RequestId;
const countOf = async (table: string) =>
  Number((await archive.admin.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.n);

/** Keeps them, and gives each a place in the log. */
async function keepLogged(receipts: readonly NewReceipt[]): Promise<void> {
  for (let at = 0; at < receipts.length; at += 200) await archive.fresh().repository.keep(receipts.slice(at, at + 200));
  const places = receipts.map((_, at) => at);
  const log = 'INSERT INTO log_places SELECT * FROM unnest($1::uuid[], $2::bigint[])';
  await archive.admin.query(log, [receipts.map(idOf), places]);
}

describe('receipts that are packed', () => {
  test('are found by request and by chat, to the byte, by their team alone, and keep their places', async () => {
    const receipts = makeReceipts(600);
    await keepLogged(receipts);
    await archive.fresh().packer.pack(atOnce);
    expect([await countOf('receipts'), await countOf('log_places'), await countOf('receipt_blocks')]).toEqual([
      0, 0, 3,
    ]);
    const { repository } = archive.fresh();
    for (const [place, one] of [...receipts.entries()].filter(([at]) => at % 97 === 0 || at === 599)) {
      const found = await repository.find(acme, idOf(one));
      expect(canonicalJson(found?.receipt)).toBe(canonicalJson(one.receipt));
      expect(found?.place).toBe(place);
      expect(await repository.find(other, idOf(one))).toBeUndefined();
      const { chat_id: chat, model } = one.receipt;
      if (chat === null) continue;
      expect((await repository.findByChat(acme, chat, model))?.receipt.receipt_id).toBe(idOf(one));
      expect(await repository.findByChat(acme, chat, 'another')).toBeUndefined();
      expect(await repository.findByChat(other, chat, null)).toBeUndefined();
    }
    expect(await repository.find(acme, requestId.parse(uuidv7()))).toBeUndefined();
  });

  test('are old enough, enough of them, and in the log', async () => {
    const [logged, unlogged] = [makeReceipts(5), makeReceipts(2)];
    await keepLogged(logged);
    await archive.fresh().repository.keep(unlogged);
    const { packer } = archive.fresh();
    await packer.pack({ ...atOnce, newSeconds: 60 });
    await packer.pack({ ...atOnce, least: 6, mostSeconds: 60 });
    expect(await countOf('receipts')).toBe(7);
    await packer.pack({ ...atOnce, least: 5, mostSeconds: 60 });
    expect(await countOf('receipts')).toBe(2);
    expect((await archive.fresh().repository.find(acme, idOf(unlogged[0]!)))?.place).toBeNull();
  });

  test('are found in whichever block of a time holds them, of two that overlap, by several routers at once', async () => {
    const start = Date.now() - 30 * HOUR_MS;
    let at = 0;
    const receipts = makeReceipts(60, acme, () => start + (at++ * HOUR_MS) / 2);
    await keepLogged(receipts.filter((_, index) => index % 2 === 0));
    await archive.fresh().packer.pack(atOnce);
    await keepLogged(receipts.filter((_, index) => index % 2 === 1));
    await Promise.all([archive.fresh().packer.pack(atOnce), archive.fresh().packer.pack(atOnce)]);
    expect(await countOf('receipts')).toBe(0);
    // No block spans more than half a day.
    expect(await countOf('receipt_blocks')).toBe(6);
    const { repository } = archive.fresh();
    const found = await Promise.all(receipts.map((one) => repository.find(acme, idOf(one))));
    expect(found.map((one) => one?.receipt.receipt_id)).toEqual(receipts.map(idOf));
  });

  test('are forgotten after their days, and with their team', async () => {
    await keepLogged([...makeReceipts(3), ...makeReceipts(2, other)]);
    await archive.fresh().packer.pack(atOnce);
    const asked: unknown[] = [];
    const ask = (_contract: unknown, request: unknown) => (asked.push(request), Promise.resolve({ gone: [acme] }));
    const retention = new Retention(archive.config(), archive.database, { ask } as unknown as Bus, archive.log);
    await retention.forgetEndedTeams();
    expect(asked).toEqual([{ teamIds: [acme, other] }]);
    expect(await countOf('receipt_blocks')).toBe(1);
    await retention.forgetOld();
    expect(await countOf('receipt_blocks')).toBe(1);
    await archive.admin.query(`UPDATE receipt_blocks SET made_at = now() - interval '91 days'`);
    await retention.forgetOld();
    expect(await countOf('receipt_blocks')).toBe(0);
  });
});
