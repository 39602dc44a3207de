import { Injectable } from '@nestjs/common';
import { AdmissionGate } from '../admission/admission.gate.ts';
import { BodyBounds } from './body-bounds.ts';

/** What an order must pass before anything of it is read. */
@Injectable()
export class DispatchChecks {
  constructor(
    readonly gate: AdmissionGate,
    readonly bodies: BodyBounds,
  ) {}
}
