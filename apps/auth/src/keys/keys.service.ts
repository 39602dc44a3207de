import { Injectable } from '@nestjs/common';
import type { ConsoleKey, ConsoleReplyOf, keyRoutes } from '@orgn/console-api';
import { listKeys } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import type { ConsoleCall } from '../console/console-call.ts';
import { ShownKeys } from './shown-keys.ts';

@Injectable()
export class KeysService {
  constructor(
    private readonly bus: Bus,
    private readonly shown: ShownKeys,
  ) {}

  async list({
    membership,
    query,
  }: ConsoleCall<typeof keyRoutes.list>): Promise<ConsoleReplyOf<typeof keyRoutes.list>> {
    const { cursor = null, limit } = query;
    const { keys, next } = await this.bus.ask(listKeys, { teamId: membership.teamId, cursor, limit });
    return { data: await this.shown.all(keys), nextCursor: next };
  }

  async get(call: ConsoleCall<typeof keyRoutes.get>): Promise<ConsoleKey> {
    return this.shown.one(await this.shown.require(call, 'keys.read'));
  }
}
