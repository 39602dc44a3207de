/** Where Stripe's webhooks arrive. */
export const WEBHOOK_PATH = '/api/webhooks/stripe';
