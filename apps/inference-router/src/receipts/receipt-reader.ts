import { Injectable } from '@nestjs/common';
import type { findReceipt, findSignature, readReceipt, ReplyOf, RequestOf } from '@orgn/contracts';
import type { Receipt } from '@orgn/receipts';
import { ReceiptsRepository, type KeptReceipt } from '../archive/receipts.repository.ts';
import { TransparencyLog } from '../transparency/transparency-log.ts';
import { bundleOf } from './bundles.ts';
import { ReceiptKeeper } from './receipt-keeper.ts';
import { Successions } from './successions.ts';

type Read = ReplyOf<typeof readReceipt>;
const absent: Read = { isThere: false, receipt: null, bundle: null, signature: null };

/** Hands out receipts: those that are kept, whoever made them, and those of this router that are not yet. */
@Injectable()
export class ReceiptReader {
  constructor(
    private readonly repository: ReceiptsRepository,
    private readonly successions: Successions,
    private readonly keeper: ReceiptKeeper,
    private readonly transparency: TransparencyLog,
  ) {}

  /** @throws ServiceError `service_unavailable` */
  async read(request: RequestOf<typeof readReceipt>): Promise<Read> {
    if (!this.repository.isConfigured) return absent;
    const found = await this.#find(request);
    if (!found) return absent;
    const { receipt } = found;
    if (request.form === 'receipt') return { ...absent, isThere: true, receipt: JSON.stringify(receipt) };
    if (request.form === 'signature') return { ...absent, isThere: true, signature: receipt.orgn.provider_signature };
    return { ...absent, isThere: true, bundle: await this.#bundleOf(found) };
  }

  /** What is in this router's memory alone. */
  async find({ requestId, teamId, form }: RequestOf<typeof findReceipt>): Promise<ReplyOf<typeof findReceipt>> {
    const found = this.keeper.shelf.find(requestId, teamId);
    if (found === undefined || found === 'due') return { state: found ?? 'absent', receipt: null, bundle: null };
    const { receipt, evidence } = found;
    if (form === 'receipt') return { state: 'there', receipt: JSON.stringify(receipt), bundle: null };
    return { state: 'there', receipt: null, bundle: await bundleOf(receipt, evidence, 'pending') };
  }

  /** The same of a provider's signature. */
  signatureOf({ chatId, teamId }: RequestOf<typeof findSignature>): ReplyOf<typeof findSignature> {
    return { signature: signatureIn(this.keeper.shelf.findByChat(chatId, teamId)) };
  }

  async #bundleOf({ receipt, evidence: digests, place }: KeptReceipt): Promise<string> {
    const { session } = receipt.orgn;
    const later = session ? await this.successions.find(session.evidence) : undefined;
    const evidence = [...(await this.repository.readEvidence(digests)), ...(later?.evidence ?? [])];
    return bundleOf(receipt, evidence, await this.transparency.proofOf(place), later?.after);
  }

  async #find({ teamId, requestId, chatId, model }: RequestOf<typeof readReceipt>): Promise<KeptReceipt | undefined> {
    if (requestId !== null) return this.repository.find(teamId, requestId);
    return chatId === null ? undefined : this.repository.findByChat(teamId, chatId, model);
  }
}

const signatureIn = (receipt: Receipt | undefined) => receipt?.orgn.provider_signature ?? null;
