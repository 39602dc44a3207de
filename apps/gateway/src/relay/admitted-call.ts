import type { Model } from '@orgn/contracts';
import type { Caller } from '../authentication/callers.service.ts';
import type { EdgeCall } from '../edge/edge-call.ts';

/** A request that has passed every check of the edge. */
export interface AdmittedCall {
  edge: EdgeCall;
  /** The endpoint's path, the same at the router. */
  path: string;
  caller: Caller;
  /** The model that was asked for, then its fallbacks. */
  models: readonly [Model, ...Model[]];
  isStream: boolean;
  /** The receipt of what is held for it. */
  hold: string | undefined;
  /** What goes on of the caller's bytes. */
  body: Buffer;
  /** What they are, with the boundary of a form. */
  contentType: string;
  /** Aborted, with a ServiceError as its reason, when the caller's key stops being good for this. */
  cut: AbortSignal;
}
