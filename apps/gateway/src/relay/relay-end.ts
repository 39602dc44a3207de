/** How a request ended at the edge. */
export interface RelayEnd {
  /** `released`: refused before a provider saw it, so that it may be sent again as if it had never been. */
  outcome: 'completed' | 'cancelled' | 'failed' | 'released';
  /** What the caller has yet to be told; absent once something was passed on. */
  error?: unknown;
}
