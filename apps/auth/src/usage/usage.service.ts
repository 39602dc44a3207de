import { Injectable } from '@nestjs/common';
import { mayDo, type ConsoleReplyOf, type ShownSums, type UsageGroup, type usageRoutes } from '@orgn/console-api';
import { countDaily, reportUsage, type KeyId, type UsageDimension, type UsageSums, type UserId } from '@orgn/contracts';
import { formatUsd } from '@orgn/pricing';
import { Bus } from '@orgn/service-kit';
import type { ConsoleCall } from '../console/console-call.ts';
import { People, type PeopleById } from '../users/people.ts';
import { KeyNames, namedKeyOf, type KeysById } from './key-names.ts';
import { scopeOf } from './usage-scope.ts';
import { toTimeSpan } from './time-span.ts';

/** Keys whose days are told when none are named. */
const MOST_KEYS = 100;

interface Names {
  keys: KeysById;
  people: PeopleById;
}

/** What a team used, for those who may know. */
@Injectable()
export class UsageService {
  constructor(
    private readonly bus: Bus,
    private readonly keys: KeyNames,
    private readonly people: People,
  ) {}

  /** @throws ServiceError `not_permitted` for a member who asks for others’; `invalid_request` for a time that cannot be */
  async report(call: ConsoleCall<typeof usageRoutes.report>): Promise<ConsoleReplyOf<typeof usageRoutes.report>> {
    const { by } = call.query;
    const span = toTimeSpan(call.query, Date.now());
    const { total, before, groups, series, ...times } = await this.bus.ask(reportUsage, {
      ...scopeOf(call, 'usage.read'),
      ...span,
      by,
    });
    const names = await this.#namesOf(call, by, groups);
    return {
      ...times,
      unit: span.unit,
      total: toShown(total),
      before: toShown(before),
      groups: groups.map(({ name, sums }) => ({ ...toGroup(name, by, names), sums: toShown(sums) })),
      series: series.map(({ sums, ...place }) => ({ ...place, sums: toShown(sums) })),
    };
  }

  async daily(call: ConsoleCall<typeof usageRoutes.keys>): Promise<ConsoleReplyOf<typeof usageRoutes.keys>> {
    const { membership, caller, query } = call;
    const maySeeAll = mayDo(membership.role, 'usage.read', false);
    const keys = await this.keys.of(membership.teamId);
    const asked = query.keys?.split(',') as KeyId[] | undefined;
    const seen = [...(asked ?? keys.keys())].filter((id) => {
      const key = keys.get(id);
      return key && (maySeeAll || key.ownerId === caller.userId);
    });
    const keyIds = [...new Set(seen)].slice(0, MOST_KEYS);
    if (keyIds.length === 0) return { data: [] };
    const { keys: data } = await this.bus.ask(countDaily, { teamId: membership.teamId, keyIds, days: query.days });
    return { data };
  }

  async #namesOf(
    { membership }: ConsoleCall<typeof usageRoutes.report>,
    by: UsageDimension,
    groups: readonly { name: string }[],
  ): Promise<Names> {
    const members = groups.map(({ name }) => name).filter(isPerson);
    return {
      keys: by === 'key' ? await this.keys.of(membership.teamId) : new Map(),
      people: by === 'member' ? await this.people.byId(members) : new Map(),
    };
  }
}

function isPerson(name: string): name is UserId {
  return name.startsWith('user_');
}

/** What stands for no key and no person, as people read it. */
const labels: Record<string, string> = {
  playground: 'Playground',
  operator: 'Keys of the operator',
  unrecorded: 'Before owners were recorded',
};

function toGroup(name: string, by: UsageDimension, names: Names): Omit<UsageGroup, 'sums'> {
  if (by === 'key' && name !== 'playground') {
    const key = namedKeyOf(name as KeyId, names.keys);
    return { name, label: key.name, key, member: null };
  }
  const member = names.people.get(name as UserId) ?? null;
  return { name, label: member?.name ?? labels[name] ?? name, key: null, member };
}

/** Sums as pages show them. */
export function toShown({ costNanoUsd, ...sums }: UsageSums): ShownSums {
  return { ...sums, costUsd: formatUsd(costNanoUsd) };
}
