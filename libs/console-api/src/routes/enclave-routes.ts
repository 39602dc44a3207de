import { patchLevels, teamId } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute } from '../route.ts';

/** What a team demands of machines, for every key and the playground. It adds to what the deployment demands, and lifts nothing of it. */
export const enclaveDemands = z.strictObject({
  /** Nothing runs outside of enclaves, whatever a key says. */
  isTeeOnly: z.boolean(),
  /** GPUs of enclaves must be proven, by their own reports and by NVIDIA’s service. */
  isGpu: z.boolean(),
  /** The very connection that carries a request to an enclave must have been attested, not only its key. */
  isInstance: z.boolean(),
  /** The worst patch level of an enclave, in Intel’s words; null: what the deployment takes. */
  tcb: z.enum(patchLevels).nullable(),
});
export type EnclaveDemands = z.output<typeof enclaveDemands>;

const common = {
  path: '/api/teams/{teamId}/enclaves',
  tag: 'teams',
  params: z.strictObject({ teamId }),
  reply: enclaveDemands,
} as const;

export const enclaveRoutes = {
  get: consoleRoute('getEnclaveDemands', {
    ...common,
    method: 'GET',
    summary: 'What the team demands of the machines that run its requests, beyond what this deployment does.',
    errors: ['not_found'],
    access: { who: 'signed_in', action: 'team.read' },
  }),
  set: consoleRoute('setEnclaveDemands', {
    ...common,
    method: 'PATCH',
    summary:
      'Sets what the team demands of machines, for every key and the playground: requests that come from then on are refused where it is not met. It can only narrow what this deployment demands.',
    body: enclaveDemands,
    errors: ['not_found', 'not_permitted', 'reauthentication_required'],
    access: { who: 'signed_in', action: 'enclaves.update', isStepUp: true },
    audit: 'team.enclaves_demanded',
  }),
};
