import { Injectable } from '@nestjs/common';
import { AttestationGate } from '../attestation/attestation.gate.ts';
import { ProviderClient } from '../providers/provider.client.ts';
import { ProviderMetrics } from '../providers/provider.metrics.ts';
import { ProvidersService } from '../providers/providers.service.ts';
import type { AttemptTools } from './attempts.ts';

/** What attempts at providers are made with. */
@Injectable()
export class DispatchTools implements AttemptTools {
  constructor(
    readonly gate: AttestationGate,
    readonly client: ProviderClient,
    readonly providers: ProvidersService,
    readonly metrics: ProviderMetrics,
  ) {}
}
