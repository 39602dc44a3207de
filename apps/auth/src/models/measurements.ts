import { Injectable } from '@nestjs/common';
import { measuredNames, type MeasurementView } from '@orgn/console-api';
import { decideMeasurement, listMeasurements, type ReplyOf, type RequestOf } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';

export type Measurement = ReplyOf<typeof listMeasurements>['measurements'][number];

/** What was heard is told for this long, to those who only show it. */
const FRESH_MS = 2_000;

/** What routers have measured of enclaves. */
@Injectable()
export class Measurements {
  #latest: { at: number; all: Promise<readonly Measurement[]> } | undefined;

  constructor(private readonly bus: Bus) {}

  /** @throws ServiceError `service_unavailable` when no router answers */
  async ask(): Promise<readonly Measurement[]> {
    return (await this.bus.ask(listMeasurements, {})).measurements;
  }

  /** @throws ServiceError `not_found`, `service_unavailable` */
  async decide(decision: RequestOf<typeof decideMeasurement>): Promise<Measurement> {
    return (await this.bus.ask(decideMeasurement, decision)).measurement;
  }

  /** All, for those who show it beside something else: pages that are opened together share a question, and silence is nothing. */
  shown(): Promise<readonly Measurement[]> {
    const now = performance.now();
    if (!this.#latest || now - this.#latest.at > FRESH_MS) this.#latest = { at: now, all: this.ask().catch(() => []) };
    return this.#latest.all;
  }
}

/** What differs from what was approved last of the same provider; null where nothing else was. */
export function changesOf(one: Measurement, all: readonly Measurement[]): MeasurementView['changes'] {
  const [former] = all
    .filter(({ id, provider, state }) => provider === one.provider && state === 'approved' && id !== one.id)
    .sort((a, b) => (b.decidedAt ?? '').localeCompare(a.decidedAt ?? ''));
  if (!former) return null;
  return measuredNames
    .map((name) => ({ name, before: valuesOf(former[name]), after: valuesOf(one[name]) }))
    .filter(({ before, after }) => before.join() !== after.join());
}

function valuesOf(measured: string | readonly string[] | null): string[] {
  if (measured === null) return [];
  return typeof measured === 'string' ? [measured] : [...measured];
}
