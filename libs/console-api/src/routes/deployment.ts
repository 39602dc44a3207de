import { longText } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute } from '../route.ts';

/** What pages and programs need to know of this deployment before they call it. */
export const getDeployment = consoleRoute('getDeployment', {
  method: 'GET',
  path: '/api/deployment',
  tag: 'deployment',
  summary: 'Where the gateway’s API is reached by programs.',
  reply: z.object({
    /** Its origin, without `/v1`; null: the operator has not said it. */
    apiUrl: longText.nullable(),
  }),
  access: { who: 'signed_in' },
});
