import { join, resolve } from 'node:path';
import { baseConfig, configClass, port } from '@orgn/service-kit';
import { z } from 'zod';

/** Settings of the auth service. */
export class AuthConfig extends configClass(
  baseConfig.extend({
    /** The database, as the role `auth`. */
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    /** Interface of the console host. */
    HTTP_HOST: z.string().default('127.0.0.1'),
    /** Port of the console host. */
    HTTP_PORT: port,
    /** Directory with the console's pages; absent: the ones of this repository. */
    CONSOLE_DIR: z
      .string()
      .default(join(import.meta.dirname, '../../console/public'))
      .transform((directory) => resolve(directory)),
  }),
) {}
