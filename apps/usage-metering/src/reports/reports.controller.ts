import { Controller } from '@nestjs/common';
import { countDaily, getRequest, reportTeams, reportUsage, searchRequests, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { ReportsService } from './reports.service.ts';
import { RequestsService } from './requests.service.ts';

/** What the console shows of usage and requests. */
@Controller()
export class ReportsController {
  constructor(
    private readonly reports: ReportsService,
    private readonly requests: RequestsService,
  ) {}

  @Answers(reportUsage)
  report(request: RequestOf<typeof reportUsage>) {
    return this.reports.report(request);
  }

  @Answers(reportTeams)
  teams(request: RequestOf<typeof reportTeams>) {
    return this.reports.teams(request);
  }

  @Answers(countDaily)
  daily(request: RequestOf<typeof countDaily>) {
    return this.reports.daily(request);
  }

  @Answers(searchRequests)
  search(request: RequestOf<typeof searchRequests>) {
    return this.requests.search(request);
  }

  @Answers(getRequest)
  get(request: RequestOf<typeof getRequest>) {
    return this.requests.get(request);
  }
}
