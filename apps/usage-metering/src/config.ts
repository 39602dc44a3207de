import { admissionSettings, baseConfig, configClass, databaseSettings } from '@orgn/service-kit/settings';

/** Settings of usage-metering. */
export class UsageMeteringConfig extends configClass(
  baseConfig.extend({ ...databaseSettings, ...admissionSettings }),
) {}
