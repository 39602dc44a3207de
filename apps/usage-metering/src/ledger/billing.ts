/** How a deployment has its teams pay. */
export const billings = ['off', 'postpaid', 'prepaid'] as const;
export type Billing = (typeof billings)[number];
