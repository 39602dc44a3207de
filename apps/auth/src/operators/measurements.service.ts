import { Injectable } from '@nestjs/common';
import type { ConsoleReplyOf, measurementRoutes, MeasurementView } from '@orgn/console-api';
import { ServiceError, userId, type UserId } from '@orgn/contracts';
import { AuditLog } from '../audit/audit-log.ts';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { AuthDatabase } from '../database/auth-database.ts';
import { changesOf, Measurements, type Measurement } from '../models/measurements.ts';
import { People } from '../users/people.ts';

type Routes = typeof measurementRoutes;
type Decision = 'approved' | 'refused';

/** What operators let enclaves run, and who said so. */
@Injectable()
export class MeasurementsService {
  constructor(
    private readonly measurements: Measurements,
    private readonly database: AuthDatabase,
    private readonly audit: AuditLog,
    private readonly people: People,
  ) {}

  /** @throws ServiceError `service_unavailable` when no router answers, as all of these */
  async list(): Promise<ConsoleReplyOf<Routes['list']>> {
    return { data: await this.#toViews(await this.measurements.ask()) };
  }

  approve(call: ConsoleCall<Routes['approve']>): Promise<MeasurementView> {
    return this.#decide('approved', call);
  }

  refuse(call: ConsoleCall<Routes['refuse']>): Promise<MeasurementView> {
    return this.#decide('refused', call);
  }

  /**
   * The entry is written first, in a transaction that stands only if routers have taken the decision. It is no team's: a
   * deployment decides for all of them.
   */
  async #decide(state: Decision, call: ConsoleCall<Routes['approve']>): Promise<MeasurementView> {
    const id = call.params.measurementId;
    const all = await this.measurements.ask();
    const one = all.find((measurement) => measurement.id === id);
    if (!one) throw new ServiceError('not_found', 'There is no such measurement.');
    const decided = await this.database.patientTransaction(async () => {
      await this.audit.record({
        ...byCaller(call),
        teamId: null,
        action: `measurement.${state}`,
        object: { kind: 'measurement', id },
        before: { state: one.state, ...formerOf(one, all) },
        after: { state, provider: one.provider, ...measuredOf(one) },
      });
      return this.measurements.decide({ id, state, by: call.caller.userId });
    });
    const [view] = await this.#toViews([decided], all);
    return view as MeasurementView;
  }

  async #toViews(
    measurements: readonly Measurement[],
    all: readonly Measurement[] = measurements,
  ): Promise<MeasurementView[]> {
    const people = await this.people.byId(measurements.map(({ decidedBy }) => asPerson(decidedBy)));
    return measurements.map(({ changed: _, decidedBy, ...measurement }) => ({
      ...measurement,
      decidedBy: nameOf(decidedBy, people),
      changes: changesOf({ ...measurement, changed: null, decidedBy }, all),
    }));
  }
}

/** Operators at a terminal are named as the bus knows them; people by their ids, which outlive their names. */
function asPerson(decidedBy: string | null): UserId | null {
  return userId.safeParse(decidedBy).data ?? null;
}

function nameOf(decidedBy: string | null, people: Awaited<ReturnType<People['byId']>>): string | null {
  const person = asPerson(decidedBy);
  return person === null ? decidedBy : (people.get(person)?.name ?? null);
}

/** What an entry says of the software: what somebody could look for later. */
function measuredOf({ composeHash, osImageHash, imageDigests, mrtd }: Measurement): object {
  return { composeHash, osImageHash, imageDigests, mrtd };
}

/** What was approved before it, as far as it differs. */
function formerOf(one: Measurement, all: readonly Measurement[]): object {
  const changes = changesOf(one, all) ?? [];
  return Object.fromEntries(
    changes.map(({ name, before }) => [name, before.length > 1 ? before : (before[0] ?? null)]),
  );
}
