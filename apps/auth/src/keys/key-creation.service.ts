import { Injectable } from '@nestjs/common';
import type { keyRoutes, NewKey } from '@orgn/console-api';
import type { Role } from '@orgn/contracts';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { Roster } from '../roster/roster.ts';
import { notPermitted } from '../permissions/require-permission.ts';
import { KeyEntries } from './key-entries.ts';
import { KeyMaker } from './key-maker.ts';
import { ShownKeys } from './shown-keys.ts';

@Injectable()
export class KeyCreationService {
  constructor(
    private readonly roster: Roster,
    private readonly maker: KeyMaker,
    private readonly entries: KeyEntries,
    private readonly shown: ShownKeys,
  ) {}

  /**
   * Makes a key and answers its secret, this once. The caller stays in the team meanwhile, so that no key outlives the
   * membership of its owner unsettled.
   * @throws ServiceError `not_permitted` where members may not make keys; `request_conflict` when the name is taken
   */
  async create(call: ConsoleCall<typeof keyRoutes.create>): Promise<NewKey> {
    const { body, caller } = call;
    const { key, secret } = await this.maker.orUnmake((made) =>
      this.roster.hold(call, 'keys.create', async ({ team, role }) => {
        if (!team.membersMayCreateKeys) requireMoreThanMember(role);
        const executionPolicy = body.executionPolicy ?? team.defaultExecutionPolicy;
        const result = await this.maker.make({ ...body, executionPolicy, teamId: team.id, createdBy: caller.userId });
        made(result.key);
        await this.entries.created(result.key, byCaller(call));
        return result;
      }),
    );
    return { ...(await this.shown.one(key)), key: secret };
  }
}

function requireMoreThanMember(role: Role): void {
  if (role !== 'member') return;
  throw notPermitted('In this team only owners and admins make keys. Ask one of them.');
}
