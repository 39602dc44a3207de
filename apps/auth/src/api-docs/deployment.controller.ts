import { Controller } from '@nestjs/common';
import { getDeployment } from '@orgn/console-api';
import { AuthConfig } from '../config.ts';
import { Implements } from '../console/implements.decorator.ts';

/** What pages and programs need to know of this deployment. */
@Controller()
export class DeploymentController {
  constructor(private readonly config: AuthConfig) {}

  @Implements(getDeployment)
  show() {
    return { apiUrl: this.config.API_URL ?? null };
  }
}
