import type { Model } from '@orgn/contracts';
import { usageBounds, type RequestMeasure } from '@orgn/dialects';
import { dearestNanoUsd } from '@orgn/pricing';
import { applicablePrices } from './applicable-prices.ts';

/** The most that a request can cost and count, whichever of its models runs. */
export interface HoldBound {
  nanoUsd: number;
  /** Of prompt and answer together. */
  tokens: number;
}

/** What the dearest of the models can make of a request. */
export interface DearestBound {
  nanoUsd: number;
  promptTokens: number;
  completionTokens: number;
}

/**
 * Bounds a request at each model that may run: every token at its dearest price and in the tier that the bound reaches.
 * @throws ServiceError `invalid_request` for a part of a kind that one of the models has no bound for
 */
export function holdBound(measure: RequestMeasure, models: readonly Model[]): HoldBound {
  const bounds = models.map((model) => boundAt(measure, model));
  return {
    nanoUsd: Math.max(...bounds.map(({ nanoUsd }) => nanoUsd)),
    tokens: Math.max(...bounds.map(({ promptTokens, completionTokens }) => promptTokens + completionTokens)),
  };
}

/** The bound at the model where it costs most. */
export function dearestBound(measure: RequestMeasure, models: readonly [Model, ...Model[]]): DearestBound {
  const bounds = models.map((model) => boundAt(measure, model));
  return bounds.reduce((most, each) => (each.nanoUsd > most.nanoUsd ? each : most));
}

/** The largest output limit with which the request would cost no more than `room`; 0: none would. */
export function largestOutput(measure: RequestMeasure, models: readonly Model[], room: number): number {
  let [fits, exceeds] = [0, Math.max(...models.map(({ maxOutput }) => maxOutput)) + 1];
  while (exceeds - fits > 1) {
    const middle = Math.floor((fits + exceeds) / 2);
    if (holdBound({ ...measure, outputLimit: middle }, models).nanoUsd <= room) fits = middle;
    else exceeds = middle;
  }
  return fits;
}

function boundAt(measure: RequestMeasure, model: Model): DearestBound {
  const counts = usageBounds(measure, model);
  const { promptTokens, completionTokens } = counts;
  const prices = applicablePrices(model, Date.now());
  const nanoUsd = Math.max(...prices.map((price) => dearestNanoUsd(counts, price)));
  return { nanoUsd, promptTokens, completionTokens };
}
