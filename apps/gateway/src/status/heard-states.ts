import { Injectable } from '@nestjs/common';
import { EnclaveStates } from './enclave-states.ts';
import { SchemaStates } from './schema-states.ts';

/** What services say of themselves, unasked. */
@Injectable()
export class HeardStates {
  constructor(
    readonly schemas: SchemaStates,
    readonly enclaves: EnclaveStates,
  ) {}
}
