import { z } from 'zod';
import { request } from './contract.ts';
import { teamId } from './ids.ts';

/** Intel's words for patch levels, best first. */
export const patchLevels = [
  'UpToDate',
  'SWHardeningNeeded',
  'ConfigurationNeeded',
  'ConfigurationAndSWHardeningNeeded',
  'OutOfDate',
  'OutOfDateConfigurationNeeded',
] as const;

/** Demands of the machine that runs a request, as `x-ollm-require` has them: `tee; gpu; tcb=UpToDate; instance`. */
export const teeDemandsText = z
  .string()
  .max(100)
  .regex(/^(tee|gpu|instance|tcb=[A-Za-z]{1,40})(; (tee|gpu|instance|tcb=[A-Za-z]{1,40})){0,3}$/);

/** What a team demands of enclaves beyond what the deployment does; null: nothing. */
export const readTeamDemands = request('demands.read', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({ teamId }),
  reply: z.object({ demands: teeDemandsText.nullable() }),
  errors: [],
  timeoutMs: 5_000,
});

/** Sets what a team demands; whatever is admitted once the reply has arrived goes by it. It can only narrow what the deployment demands. */
export const setTeamDemands = request('demands.set', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({ teamId, demands: teeDemandsText.nullable() }),
  reply: z.object({ before: teeDemandsText.nullable() }),
  errors: [],
  timeoutMs: 5_000,
});
