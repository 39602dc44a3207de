import { Injectable } from '@nestjs/common';
import { CollateralClient } from './collateral.client.ts';
import { NrasClient } from './nras.client.ts';
import { ReportClient } from './report.client.ts';

/** Who is asked about an enclave: itself, Intel and NVIDIA. */
@Injectable()
export class Witnesses {
  constructor(
    readonly reports: ReportClient,
    readonly collateral: CollateralClient,
    readonly nras: NrasClient,
  ) {}
}
