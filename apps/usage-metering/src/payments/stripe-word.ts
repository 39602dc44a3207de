/** What a webhook is about, as far as it is believed: which object may have changed. Everything else is read from Stripe. */
export interface StripeWord {
  eventId: string;
  kind: string;
  about: { type: 'session' | 'charge' | 'refund' | 'dispute'; id: string } | undefined;
}

const ABOUT: Partial<Record<string, NonNullable<StripeWord['about']>['type']>> = {
  'checkout.session': 'session',
  charge: 'charge',
  refund: 'refund',
  dispute: 'dispute',
};

/** An event as its signature has proven it, reduced. @param object its `data.object` */
export function toStripeWord(
  event: { id: string; type: string },
  object: { id?: unknown; object?: unknown },
): StripeWord {
  const type = typeof object.object === 'string' ? ABOUT[object.object] : undefined;
  const { id } = object;
  const about = type !== undefined && typeof id === 'string' && isStripeId(id) ? { type, id } : undefined;
  return { eventId: event.id, kind: event.type.slice(0, 128), about };
}

/** Ids go into paths of Stripe's API. */
export function isStripeId(id: string): boolean {
  return /^[A-Za-z0-9_]{1,255}$/.test(id);
}
