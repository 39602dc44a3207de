import { Controller } from '@nestjs/common';
import { listAuditHeads, verifyAudit, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { AuditChainsService } from './audit-chains.service.ts';

/** What the operator of the deployment asks of the audit log. */
@Controller()
export class BusAuditController {
  constructor(private readonly chains: AuditChainsService) {}

  @Answers(listAuditHeads)
  heads(request: RequestOf<typeof listAuditHeads>) {
    return this.chains.heads(request);
  }

  @Answers(verifyAudit)
  verify(request: RequestOf<typeof verifyAudit>) {
    return this.chains.verify(request);
  }
}
