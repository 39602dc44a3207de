import { missing, type Rule } from '@orgn/service-kit/settings';

/** Where Stripe answers. */
export const STRIPE = 'https://api.stripe.com';

const requireBoth: Rule = ({ STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET }) => {
  if (!STRIPE_SECRET_KEY === !STRIPE_WEBHOOK_SECRET) return [];
  if (STRIPE_SECRET_KEY)
    return [missing('STRIPE_WEBHOOK_SECRET', 'but STRIPE_SECRET_KEY is', 'whsec_… (as Stripe shows it)')];
  return [missing('STRIPE_SECRET_KEY', 'but STRIPE_WEBHOOK_SECRET is', 'sk_live_… (as Stripe shows it)')];
};

/** In production balances are paid with money. */
const requireMoney: Rule = ({ NODE_ENV, STRIPE_API_BASE = STRIPE, STRIPE_SECRET_KEY = '' }) => {
  if (NODE_ENV !== 'production') return [];
  const faults = [];
  if (STRIPE_API_BASE.replace(/\/$/, '') !== STRIPE)
    faults.push({
      name: 'STRIPE_API_BASE',
      message: `STRIPE_API_BASE must be ${STRIPE} in production: take the line out`,
    });
  if (/^(sk|rk)_test_/.test(STRIPE_SECRET_KEY))
    faults.push({
      name: 'STRIPE_SECRET_KEY',
      message: 'STRIPE_SECRET_KEY is of test mode, in which nobody pays: use sk_live_…',
    });
  return faults;
};

const requireOrder: Rule = ({ TOP_UP_MIN_USD = '5', TOP_UP_MAX_USD = '10000' }) => {
  if (!(Number(TOP_UP_MIN_USD) > Number(TOP_UP_MAX_USD))) return [];
  return [{ name: 'TOP_UP_MAX_USD', message: 'TOP_UP_MAX_USD is less than TOP_UP_MIN_USD: raise it' }];
};

/** What the settings of payments must be beside each other. */
export const paymentRules = [requireBoth, requireMoney, requireOrder];
