import { billingMode, type BillingMode } from '@orgn/contracts';

/** How a deployment has its teams pay. */
export const billings = billingMode.options;
export type Billing = BillingMode;
