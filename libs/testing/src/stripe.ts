import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createStripe, signatureOf, stop, type Event, type StripeStandIn } from '@orgn/stripe';

const SECRET_KEY = 'sk_test_of_the_tests';
const WEBHOOK_SECRET = 'whsec_of_the_tests';

/** What stands in for Stripe, on a port of its own. */
export interface TestStripe extends Omit<StripeStandIn, 'server'> {
  /** Environment that points a metering at it. */
  environment: Record<string, string>;
  url: string;
  /** An event as it is sent: the body, and what it is signed with. */
  signed(event: Event, secondsAgo?: number): { body: string; signature: string };
  stop(): Promise<void>;
}

/** @param receiver where webhooks go; absent: nowhere, a test hands them on itself */
export async function startStripe(receiver?: string, livemode = false): Promise<TestStripe> {
  let url = '';
  const secret = { url: receiver ?? 'http://127.0.0.1:9', secret: WEBHOOK_SECRET };
  const standIn = createStripe({ secretKey: SECRET_KEY, receiver: secret, publicUrl: () => url, livemode });
  standIn.webhooks.isMuted = receiver === undefined;
  standIn.server.listen(0, '127.0.0.1');
  await once(standIn.server, 'listening');
  url = `http://127.0.0.1:${(standIn.server.address() as AddressInfo).port}`;
  return {
    ...{ url, account: standIn.account, webhooks: standIn.webhooks },
    environment: { STRIPE_SECRET_KEY: SECRET_KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET, STRIPE_API_BASE: url },
    signed: (event, secondsAgo = 0) => {
      const body = JSON.stringify(event);
      return { body, signature: signatureOf(body, WEBHOOK_SECRET, Math.floor(Date.now() / 1_000) - secondsAgo) };
    },
    stop: () => stop(standIn),
  };
}
