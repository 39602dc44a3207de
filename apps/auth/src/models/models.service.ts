import { Injectable } from '@nestjs/common';
import type { ConsoleReplyOf, ModelKey, modelRoutes } from '@orgn/console-api';
import { listModels, type TeamId, type UserId } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import type { ConsoleCall } from '../console/console-call.ts';
import { TeamKeys } from '../team-keys/team-keys.ts';
import { executionClasses } from './execution-classes.ts';
import { Measurements } from './measurements.ts';
import { RouterSurvey } from './router-survey.ts';
import { toShownModel } from './shown-model.ts';

/** Keys of the caller that are shown beside the models. */
const MAX_KEYS = 200;

/** The catalogue as people of a team see it. */
@Injectable()
export class ModelsService {
  constructor(
    private readonly bus: Bus,
    private readonly routers: RouterSurvey,
    private readonly measurements: Measurements,
    private readonly keys: TeamKeys,
  ) {}

  /** @throws ServiceError `service_unavailable` when no router answers: there is no catalogue without one */
  async list({
    membership,
    caller,
  }: ConsoleCall<typeof modelRoutes.list>): Promise<ConsoleReplyOf<typeof modelRoutes.list>> {
    const [catalogue, routers, measurements, keys] = await Promise.all([
      this.bus.ask(listModels, {}),
      this.routers.ask(),
      this.measurements.shown(),
      this.#keysOf(membership.teamId, caller.userId),
    ]);
    const { version, createdAt, models } = catalogue;
    const occurring = new Set(models.map(({ execution }) => execution));
    return {
      catalogue: { version, createdAt },
      executions: Object.values(executionClasses).filter(({ execution }) => occurring.has(execution)),
      data: models.map((model) => toShownModel(model, routers, measurements)),
      keys,
    };
  }

  async #keysOf(teamId: TeamId, userId: UserId): Promise<ModelKey[]> {
    const own = (await this.keys.living(teamId)).filter((key) => key.ownerId === userId && key.state === 'active');
    return own
      .slice(0, MAX_KEYS)
      .map(({ id, name, hint, models, executionPolicy }) => ({ id, name, hint, models, executionPolicy }));
  }
}
