import { configClass, secret, tlsSettings } from '@orgn/service-kit/client';
import { z } from 'zod';

const schema = z.object({
  ...tlsSettings,
  /** The deployment's bus, for operators inside it: `nats://host:4222`. */
  NATS_URL: z.string().optional(),
  /** The operator's name on that bus. */
  NATS_OPERATOR: z.string().default('ops'),
  /** What makes somebody that operator: the seed that `npm run operators -- add` printed. */
  NATS_SEED: secret(z.string().optional()),
  /** Or the password of the first operator, which is the ops token. */
  NATS_PASSWORD: secret(z.string().optional()),
  /** Set by npm: the script that runs. */
  npm_lifecycle_event: z.string().optional(),
  /** Set by npm: the folder the operator stood in, because npm runs scripts in the repository's root. */
  INIT_CWD: z.string().optional(),
});

/** What the commands take from the environment; all of it may be missing. */
export class OperatorConfig extends configClass(schema) {}
