import type { CheckId } from '../checks/check-ids.ts';
import type { MeasurementRule } from './measurement-rule.ts';
import type { ReportForm } from './report-form.ts';

/** Intel's words for a patch level, from `UpToDate` down. */
export const tcbStatuses = [
  'UpToDate',
  'SWHardeningNeeded',
  'ConfigurationNeeded',
  'ConfigurationAndSWHardeningNeeded',
  'OutOfDate',
  'OutOfDateConfigurationNeeded',
  'Revoked',
] as const;
export type TcbStatus = (typeof tcbStatuses)[number];

/** What somebody demands of an enclave. Everything in it is part of its digest, which receipts name. */
export interface AttestationPolicy {
  readonly format: 1;
  /** Checks that must pass; one that is `unknown` or was not made refuses. */
  readonly require: readonly CheckId[];
  /** How a report may be built. */
  readonly forms: readonly ReportForm[];
  /** `Revoked` is refused whatever is listed here. */
  readonly tcbStatuses: readonly TcbStatus[];
  /** When not null, the only advisories that a patch level may have. */
  readonly advisories: readonly string[] | null;
  /** The oldest `tcbEvaluationDataNumber` of Intel's statements that is taken. */
  readonly minimumTcbEvaluation: number;
  /** The only `td_attributes`, 16 hex characters each, in the order of the quote's bytes; null takes any. */
  readonly tdAttributes: readonly string[] | null;
  /** The only `xfam`s, 16 hex characters each; null takes any. */
  readonly xfams: readonly string[] | null;
  /** How many GPUs must be proven; null takes any number that the report claims. */
  readonly gpus: { readonly minimum: number; readonly exactly: number | null };
  /** What may run. Without any rule the check `measurements` is `unknown`. */
  readonly measurements: readonly MeasurementRule[];
}
