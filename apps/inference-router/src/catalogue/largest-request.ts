/** No request has more than this: a provider's figure beyond it is a fault, and our own count takes its place. */
export const most = {
  tokens: 10_000_000,
  audioSeconds: 1_000_000,
  searchUnits: 10_000,
  images: 1_000_000,
} as const;
