import { Injectable } from '@nestjs/common';
import {
  ServiceError,
  type inspectKey,
  type KeyId,
  type ReplyOf,
  type RequestId,
  type RequestOf,
  type TeamId,
  type tellAdmissionTime,
  type UserId,
  type verifyKey,
} from '@orgn/contracts';
import { KeyRegistryConfig } from '../config.ts';
import { isSameDigest, toStoredDigest, type StoredDigest } from './key-digest.ts';
import { refusalOf, unknownKey } from './key-refusal.ts';
import { KeyUpkeep, type AcceptedKey } from './key-upkeep.ts';
import { countingOf, toTicket } from './key-ticket.ts';
import { toKeyView } from './key-view.ts';
import { KeysRepository, type KeyJudgement } from './keys.repository.ts';

type Question = RequestOf<typeof verifyKey>;
/** By whom a key of theirs is presented, and for which request. */
interface Presented {
  teamId: TeamId;
  ownerId: UserId;
  requestId: RequestId;
}
type Verdict = ReplyOf<typeof verifyKey> | ServiceError;

/** Says whether keys are accepted. Nothing is remembered from one call to the next. */
@Injectable()
export class VerdictsService {
  constructor(
    private readonly keys: KeysRepository,
    private readonly upkeep: KeyUpkeep,
    private readonly config: KeyRegistryConfig,
  ) {}

  /**
   * Judges a batch of keys by one read of the primary, so a key that was revoked before the call is refused by it.
   * Whoever presents one for a request gets a ticket for it.
   * @throws ServiceError `service_unavailable` when the database cannot be asked: that is no statement about a key
   */
  async verify(questions: readonly Question[]): Promise<Verdict[]> {
    const wanted = questions.map(({ digest }) =>
      this.config.KEY_PEPPERS.map((pepper) => toStoredDigest(pepper, digest)),
    );
    const found = await this.keys.judge(wanted.flat().map(({ digest }) => digest));
    const byDigest = new Map(found.map((key) => [key.digest.toString('base64'), key]));
    const judged = wanted.map((candidates, index) => judge(candidates, byDigest, questions[index]?.client));
    await this.upkeep.noteUses(judged.filter(isAccepted));
    return judged.map((word, index) =>
      isAccepted(word) ? this.#toVerdict(word.key, questions[index]?.requestId ?? null) : word,
    );
  }

  /**
   * A key of a person's own that is presented by name: whoever is signed in as its owner needs no secret of it.
   * @throws ServiceError as its verdict says; `invalid_api_key` where it is not theirs
   */
  async verifyOwn(id: KeyId, { teamId, ownerId, requestId }: Presented): Promise<ReplyOf<typeof verifyKey>> {
    const key = await this.keys.judgeOne(id);
    if (key?.teamId !== teamId || key.ownerId !== ownerId) throw unknownKey();
    const refusal = refusalOf(key);
    if (refusal) throw refusal;
    // Its addresses are of who holds the secret.
    return { ...this.#toVerdict(key, requestId), ipAllowList: null };
  }

  /** What a key may know about itself, judged as a use of it. @throws ServiceError as its verdict says */
  async inspect(digest: string): Promise<ReplyOf<typeof inspectKey>> {
    const [verdict] = await this.verify([{ digest, requestId: null }]);
    if (verdict === undefined || verdict instanceof ServiceError) throw verdict ?? unknownKey();
    const { keyId, teamId } = verdict;
    const [key, judged, seesBalance] = await Promise.all([
      this.keys.find(keyId),
      this.keys.judgeOne(keyId),
      this.keys.seesBalance(teamId),
    ]);
    if (!key || !judged) throw unknownKey();
    const { teamBudget, memberBudget } = judged;
    return { ...toKeyView(key), seesBalance, teamBudget, memberBudget };
  }

  /** The time that tickets are made with. */
  async tellTime(): Promise<ReplyOf<typeof tellAdmissionTime>> {
    return { databaseMs: (await this.keys.now()).getTime() };
  }

  #toVerdict(key: KeyJudgement, requestId: RequestId | null): ReplyOf<typeof verifyKey> {
    const { id, teamId, lineageId, executionPolicy, models, ipAllowList } = key;
    const ticket = requestId === null ? null : toTicket(this.config.ADMISSION_KEYS, requestId, key);
    return { keyId: id, teamId, lineageId, executionPolicy, models, ipAllowList, ...countingOf(key), ticket };
  }
}

function judge(
  candidates: StoredDigest[],
  byDigest: Map<string, KeyJudgement>,
  client: Question['client'],
): AcceptedKey | ServiceError {
  for (const candidate of candidates) {
    const key = byDigest.get(candidate.digest.toString('base64'));
    if (!key || !isSameDigest(candidate, { kid: key.digestKid, digest: key.digest })) continue;
    return refusalOf(key) ?? { key, current: candidates[0], client };
  }
  return unknownKey();
}

function isAccepted(word: AcceptedKey | ServiceError): word is AcceptedKey {
  return !(word instanceof ServiceError);
}
