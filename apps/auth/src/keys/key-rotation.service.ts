import { Injectable } from '@nestjs/common';
import type { keyRoutes } from '@orgn/console-api';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { Roster } from '../roster/roster.ts';
import { KeyEntries } from './key-entries.ts';
import { KeyMaker } from './key-maker.ts';
import { ShownKeys } from './shown-keys.ts';

type RotateCall = ConsoleCall<typeof keyRoutes.rotate>;

/** Puts a new secret in a key's place. */
@Injectable()
export class KeyRotationService {
  constructor(
    private readonly roster: Roster,
    private readonly maker: KeyMaker,
    private readonly entries: KeyEntries,
    private readonly shown: ShownKeys,
  ) {}

  /** @throws ServiceError `not_found`, `not_permitted`; `request_conflict` when the key cannot be replaced */
  async rotate(call: RotateCall) {
    const { body, caller, params } = call;
    const { key, replaced, secret } = await this.maker.orUnmake((made) =>
      this.roster.hold(call, 'keys.rotate', async ({ team, role }) => {
        await this.shown.require({ params, caller, membership: { teamId: team.id, role } }, 'keys.rotate');
        const rotation = { ...body, teamId: team.id, id: params.keyId, createdBy: caller.userId };
        const result = await this.maker.rotate(rotation);
        made(result.key);
        await this.entries.rotated(result.replaced, result.key, byCaller(call));
        return result;
      }),
    );
    return { ...(await this.shown.one(key)), key: secret, replaced: await this.shown.one(replaced.after) };
  }
}
