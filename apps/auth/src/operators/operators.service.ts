import { Injectable } from '@nestjs/common';
import type { ConsoleReplyOf, operatorRoutes } from '@orgn/console-api';
import { listModels, reportTeams, reportUsage, type TeamId } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import type { ConsoleCall } from '../console/console-call.ts';
import { RouterSurvey } from '../models/router-survey.ts';
import { OperatorsTeamsService } from '../teams/operators-teams.service.ts';
import { toTimeSpan } from '../usage/time-span.ts';
import { toShown } from '../usage/usage.service.ts';
import { ServiceWords } from './service-words.ts';

type Routes = typeof operatorRoutes;

/** How the deployment is, for those who run it. */
@Injectable()
export class OperatorsService {
  constructor(
    private readonly bus: Bus,
    private readonly words: ServiceWords,
    private readonly survey: RouterSurvey,
    private readonly teams: OperatorsTeamsService,
  ) {}

  services(): ConsoleReplyOf<Routes['services']> {
    return { data: this.words.list() };
  }

  /** @throws ServiceError `service_unavailable` without the bus */
  async routers(): Promise<ConsoleReplyOf<Routes['routers']>> {
    const data = (await this.survey.ask()).map(({ providers, statements = {}, ...router }) => ({
      ...router,
      providers: Object.entries(providers).map(([provider, word]) => ({ provider, ...word })),
      unanswered: Object.keys(statements).filter((name) => statements[name] === 'failed'),
    }));
    return { data: data.sort((one, other) => one.router.localeCompare(other.router)) };
  }

  /** @throws ServiceError `service_unavailable` when no router answers: there is no catalogue without one */
  async catalogue(): Promise<ConsoleReplyOf<Routes['catalogue']>> {
    const [catalogue, routers] = await Promise.all([this.bus.ask(listModels, {}), this.survey.ask()]);
    return {
      ...catalogue,
      routers: routers.map(({ router, catalogueVersion: version }) => ({ router, version })),
    };
  }

  /** @throws ServiceError `invalid_request` for a time that cannot be */
  async usage({ query }: ConsoleCall<Routes['usage']>): Promise<ConsoleReplyOf<Routes['usage']>> {
    const { by } = query;
    const span = toTimeSpan(query, Date.now());
    const { total, before, groups, series, ...times } = await (by === 'team'
      ? this.bus.ask(reportTeams, span)
      : this.bus.ask(reportUsage, { teamId: null, ...span, by }));
    const ids = by === 'team' ? groups.map(({ name }) => name as TeamId) : [];
    const labels = await this.teams.namesOf(ids);
    return {
      ...times,
      unit: span.unit,
      total: toShown(total),
      before: toShown(before),
      groups: groups.map(({ name, sums }) => ({ name, label: labels.get(name) ?? name, sums: toShown(sums) })),
      series: series.map(({ sums, ...place }) => ({ ...place, sums: toShown(sums) })),
    };
  }
}
