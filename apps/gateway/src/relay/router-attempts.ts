import { Injectable } from '@nestjs/common';
import type { Asked } from '@orgn/channel';
import { HOLD_HEADER, RECEIVED_HEADER, ServiceError, TICKET_HEADER } from '@orgn/contracts';
import { REQUIRE_HEADER } from '@orgn/dialects';
import { CallersService } from '../authentication/callers.service.ts';
import { GatewayConfig } from '../config.ts';
import { RefusalError } from '../errors/refusal.error.ts';
import type { RouterConnection } from '../routers/router-connection.ts';
import { RoutersService } from '../routers/routers.service.ts';
import type { AdmittedCall } from './admitted-call.ts';
import { RelayedAnswer, type RelayOutcome } from './relayed-answer.ts';

/** Routers to try for one request; more than one only while none has accepted it. */
const MAX_ATTEMPTS = 3;

type Settled = Exclude<RelayOutcome, { kind: 'not_accepted' }>;

/** Offers a request to one router after the other until one accepts it, and again when that one dies with it. */
@Injectable()
export class RouterAttempts {
  constructor(
    private readonly routers: RoutersService,
    private readonly callers: CallersService,
    private readonly config: GatewayConfig,
  ) {}

  /** Resolves once the answer has been passed on as far as it came. A ticket that grew too old is asked for anew, once. */
  async offer(call: AdmittedCall): Promise<Settled> {
    const outcome = await this.#tryRouters(call, call.caller.ticket);
    if (!isExpired(outcome) || call.cut.aborted) return outcome;
    try {
      const { ticket } = await this.callers.confirm(call.edge.apiKey, call.edge.requestId);
      return await this.#tryRouters(call, ticket);
    } catch (error) {
      return refused(error);
    }
  }

  async #tryRouters(call: AdmittedCall, ticket: string | null): Promise<Settled> {
    const tried = new Set<string>();
    let last: Settled | undefined;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS && !call.cut.aborted; attempt += 1) {
      const connection = await this.#choose(call, tried);
      if (!connection) break;
      tried.add(connection.name);
      const answer = new RelayedAnswer(call.edge, { cut: call.cut, stallMs: this.config.READ_STALL_MS });
      answer.attach(connection.channel.post(toAsked(call, ticket), answer));
      const outcome = await answer.outcome;
      if (outcome.kind === 'not_accepted') await this.routers.reportFailure(connection);
      else if (await this.#mayRunElsewhere(call, outcome, connection)) last = outcome;
      else return outcome;
    }
    return last ?? refused(call.cut.aborted ? call.cut.reason : unreachable());
  }

  /** @returns undefined where there is none left, or nobody waits for it any more */
  async #choose(
    { models: asked, isStream, cut }: AdmittedCall,
    tried: ReadonlySet<string>,
  ): Promise<RouterConnection | undefined> {
    const models = asked.map(({ id }) => id);
    const now =
      this.routers.choose(models, tried) ?? (isStream ? undefined : this.routers.chooseLeaving(models, tried));
    if (now) return now;
    const later = await this.routers.next(models, tried);
    return cut.aborted ? undefined : later;
  }

  /**
   * The router has not begun, or it has died with the request, and its caller was told nothing. What the dead router had of
   * an answer nobody got, and it charges nothing for that any more, unless it died between its word on it and the first byte.
   */
  async #mayRunElsewhere(call: AdmittedCall, outcome: Settled, connection: RouterConnection): Promise<boolean> {
    if (outcome.kind === 'refused') return outcome.isNotTaken;
    if (outcome.kind !== 'broken' || call.edge.reply.sent) return false;
    return this.routers.hasDied(connection);
  }
}

function isExpired(outcome: Settled): boolean {
  if (outcome.kind !== 'refused' || !(outcome.error instanceof RefusalError)) return false;
  return outcome.error.refusal.code === 'admission_expired';
}

const refused = (error: unknown): Settled => ({ kind: 'refused', error, wasDispatched: false, isNotTaken: false });

function unreachable(): ServiceError {
  return new ServiceError('service_unavailable', 'No inference router is reachable; try again shortly.');
}

/** Whose request it is says the ticket, and nothing else. */
function toAsked({ edge, path, hold, body, contentType }: AdmittedCall, ticket: string | null): Asked {
  const headers = {
    'content-type': contentType,
    'x-request-id': edge.requestId,
    ...(ticket !== null && { [TICKET_HEADER]: ticket }),
    ...(hold !== undefined && { [HOLD_HEADER]: hold }),
    ...(edge.received !== undefined && { [RECEIVED_HEADER]: edge.received }),
    ...(edge.isRaw && { 'x-ollm-raw': 'true' }),
    ...(edge.teeRequired !== undefined && { [REQUIRE_HEADER]: edge.teeRequired }),
  };
  return { path, headers, body };
}
