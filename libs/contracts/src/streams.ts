/** The one JetStream stream. It captures `events.>` only: anything wider would answer requests with its own acks. */
export const eventStream = {
  name: 'EVENTS',
  subjects: ['events.>'],
  /** Settled events are kept this long for a replay; Postgres holds the truth. */
  maxAgeSeconds: 3 * 24 * 3600,
  maxBytes: 1024 * 1024 * 1024,
  /** Only saves work: unique keys in Postgres are what makes an event count once. */
  duplicateWindowSeconds: 120,
} as const;
