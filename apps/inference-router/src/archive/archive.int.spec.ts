import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { requestId, teamId, type RequestId } from '@orgn/contracts';
import { canonicalJson } from '@orgn/attestation';
import { makeBundle, type MadeBundle } from '@orgn/receipts/testing';
import type { Bus } from '@orgn/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { NewReceipt, ReceiptsRepository } from './receipts.repository.ts';
import { Retention } from './retention.ts';
import { startArchive, type TestArchive } from './testing/test-archive.ts';

const acme = teamId.parse('team_acme');
const other = teamId.parse('team_other');
let archive: TestArchive;
let made: MadeBundle;
let repository: ReceiptsRepository;

beforeAll(async () => {
  archive = await startArchive();
  made = await makeBundle();
});
beforeEach(async () => {
  await archive.admin.query('TRUNCATE receipts, receipt_blocks, contents, log_waiting, log_places');
  // As a router that has just started: it knows of nothing that is kept.
  repository = archive.fresh().repository;
});
afterAll(() => archive.stop());

/** Receipts of one session, each of an answer of its own. */
function makeReceipts(count: number, owner = acme): NewReceipt[] {
  const named = made.bundle.receipt.orgn.session?.evidence;
  const all = Object.entries(made.bundle.evidence).filter(([digest]) => digest === named);
  const evidence = all.map(([digest, content]) => ({
    digest,
    content,
  }));
  return Array.from({ length: count }, () => {
    const id = requestId.parse(uuidv7());
    const receipt = { ...made.bundle.receipt, receipt_id: id, chat_id: `chat-${id}` };
    return { teamId: owner, receipt, evidence };
  });
}

const idOf = ({ receipt }: NewReceipt) => receipt.receipt_id as RequestId;
const countOf = async (table: string) =>
  Number((await archive.admin.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.n);

describe('the archive', () => {
  test('gives a receipt and its evidence back to the byte, to its team alone, from whichever router', async () => {
    const [one, two] = makeReceipts(2) as [NewReceipt, NewReceipt];
    await repository.keep([one, two]);
    const fresh = archive.fresh().repository;
    const found = await fresh.find(acme, idOf(one));
    expect(canonicalJson(found?.receipt)).toBe(canonicalJson(one.receipt));
    const evidence = await fresh.readEvidence(found?.evidence ?? []);
    expect(canonicalJson(evidence)).toBe(canonicalJson(one.evidence));
    expect(await fresh.find(other, idOf(one))).toBeUndefined();
    expect((await fresh.findByChat(acme, `chat-${idOf(two)}`, null))?.receipt.receipt_id).toBe(idOf(two));
    expect(await fresh.findByChat(acme, `chat-${idOf(two)}`, 'another-model')).toBeUndefined();
    expect(await fresh.findByChat(other, `chat-${idOf(two)}`, null)).toBeUndefined();
  });

  test('keeps evidence once, however many receipts name it, and a receipt once, however often it is said', async () => {
    const receipts = makeReceipts(50);
    await repository.keep(receipts);
    const before = await countOf('contents');
    const again = archive.fresh().repository;
    await Promise.all([again.keep(receipts), repository.keep(makeReceipts(50)), again.keep(makeReceipts(50))]);
    expect([await countOf('contents'), await countOf('receipts'), await countOf('log_waiting')]).toEqual([
      before,
      150,
      150,
    ]);
    const { rows } = await archive.admin.query<{ bytes: string }>(
      'SELECT max(octet_length(body)) AS bytes FROM receipts',
    );
    expect(Number(rows[0]?.bytes)).toBeLessThan(canonicalJson(receipts[0]?.receipt).length / 4);
  });

  test('forgets receipts after their days, and evidence when nothing that is kept names it', async () => {
    const receipts = makeReceipts(3);
    const [old, young] = [receipts.slice(0, 2), receipts.slice(2)];
    await repository.keep(receipts);
    await archive.admin.query(`UPDATE receipts SET made_at = now() - interval '91 days' WHERE request_id = ANY ($1)`, [
      old.map(idOf),
    ]);
    await archive.admin.query('INSERT INTO log_places SELECT request_id, 1 FROM receipts');
    const retention = new Retention(archive.config(), archive.database, {} as Bus, archive.log);
    await retention.forgetOld();
    expect([await countOf('receipts'), await countOf('log_places')]).toEqual([1, 1]);
    expect(await repository.readEvidence((await repository.find(acme, idOf(young[0]!)))?.evidence ?? [])).toHaveLength(
      1,
    );
    await archive.admin.query(`UPDATE contents SET named_at = now() - interval '92 days'`);
    await retention.forgetOld();
    expect(await countOf('contents')).toBe(0);
  });

  test('forgets what is a team’s that has ended, and nothing of others', async () => {
    await repository.keep([...makeReceipts(3), ...makeReceipts(2, other)]);
    const asked: unknown[] = [];
    const ask = (_contract: unknown, request: unknown) => (asked.push(request), Promise.resolve({ gone: [acme] }));
    const retention = new Retention(archive.config(), archive.database, { ask } as unknown as Bus, archive.log);
    await retention.forgetEndedTeams();
    expect(asked).toEqual([{ teamIds: [acme, other] }]);
    expect([await countOf('receipts'), await countOf('log_waiting')]).toEqual([2, 2]);
  });
});
