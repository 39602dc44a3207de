import { Injectable } from '@nestjs/common';
import { keysChanged, type readTeamDemands, type ReplyOf, type RequestOf, type setTeamDemands } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { DemandsRepository } from './demands.repository.ts';

/** What teams demand of enclaves. The registry keeps it because tickets say it. */
@Injectable()
export class DemandsService {
  constructor(
    private readonly demands: DemandsRepository,
    private readonly bus: Bus,
  ) {}

  async read({ teamId }: RequestOf<typeof readTeamDemands>): Promise<ReplyOf<typeof readTeamDemands>> {
    return { demands: await this.demands.find(teamId) };
  }

  /** Resolves after the commit; what runs outside of enclaves is looked at again at once. */
  async set({ teamId, demands }: RequestOf<typeof setTeamDemands>): Promise<ReplyOf<typeof setTeamDemands>> {
    const before = await this.demands.find(teamId);
    await this.demands.set(teamId, demands);
    this.bus.broadcast(keysChanged, { teamIds: [teamId] });
    return { before };
  }
}
