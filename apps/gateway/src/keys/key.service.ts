import { Injectable } from '@nestjs/common';
import { parseStrictJson } from '@orgn/dialects';
import { ServiceError, tellMonth, tellSpend, type inspectKey, type ReplyOf } from '@orgn/contracts';
import { Bus, joined } from '@orgn/service-kit';
import { CallersService } from '../authentication/callers.service.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { HoldDesk } from '../budget/hold-desk.ts';
import type { EdgeCall } from '../edge/edge-call.ts';
import { toKeyObject, toRevokedKey, type KeyObject, type MonthUse, type RevokedKey } from './key-object.ts';

type Inspected = ReplyOf<typeof inspectKey>;

/** What a key may do about itself. */
@Injectable()
export class KeyService {
  constructor(
    private readonly callers: CallersService,
    private readonly bus: Bus,
    private readonly desk: HoldDesk,
  ) {}

  /** @throws ServiceError or RefusalError as any use of the key would */
  async describe(key: PresentedKey): Promise<KeyObject> {
    const view = await this.callers.inspect(key);
    const { teamId, lineageId, rpm, tpm } = view;
    // Whoever counts may be away; what the key is, is known all the same.
    const [spend, months, rates] = await Promise.all([
      this.bus.ask(tellSpend, { teamId, lineageId }).catch(() => undefined),
      this.#monthsOf(view).catch(() => ({})),
      rpm === null && tpm === null ? undefined : this.desk.ratesOf({ teamId, lineageId, rpm, tpm }),
    ]);
    return toKeyObject(view, { windows: spend?.windows, rates, team: undefined, member: undefined, ...months });
  }

  /** What was used of the monthly budgets that hold a key. */
  async #monthsOf({ teamId, ownerId, ...view }: Inspected): Promise<{ team?: MonthUse; member?: MonthUse }> {
    const { teamBudget, memberBudget } = view;
    if (!teamBudget && !memberBudget) return {};
    const memberIds = ownerId === null ? [] : [ownerId];
    const { team, members, resetsAt } = await this.bus.ask(tellMonth, { teamId, memberIds });
    const [member] = members;
    return { team: { ...team, resetsAt }, ...(member && { member: { ...member, resetsAt } }) };
  }

  /**
   * Ends the key for good. Repeating it answers the first revocation.
   * @throws ServiceError `invalid_api_key`, or `service_unavailable` when it is not known to be revoked
   */
  async revoke({ apiKey, body, facts }: EdgeCall): Promise<RevokedKey> {
    requireNoParameters(joined(body));
    const { address, userAgent } = apiKey;
    const ended = await this.callers.surrender(apiKey, { address, userAgent });
    facts.keyId = ended.id;
    return toRevokedKey(ended);
  }
}

/** @throws ServiceError `invalid_request` or `unknown_parameter` */
function requireNoParameters(body: Buffer): void {
  const [param] = body.length === 0 ? [] : Object.keys(parseStrictJson(body));
  if (param === undefined) return;
  const message = 'This endpoint takes no parameters: the key in the header is what is revoked.';
  throw new ServiceError('unknown_parameter', message, { param });
}
