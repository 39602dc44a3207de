import type { Bytes } from '../bytes/bytes.ts';
import type { ShownSoftware } from '../events/log-checks.ts';
import type { GpuEvidence } from '../gpu/gpu-evidence.ts';
import type { ReportForm } from '../policy/report-form.ts';
import type { Binding } from './binding.ts';

/** One attested machine of a report. A gateway's report has several: its own, and those of models behind it. */
export interface ReportPart {
  /** `node` answers itself; `gateway` ends TLS and passes on to `model`. */
  readonly role: 'node' | 'gateway' | 'model';
  readonly quote: Bytes;
  /** Null where the report shows nothing of the software. */
  readonly software: ShownSoftware | null;
  readonly binding: Binding;
  /** Null where the report holds no evidence of GPUs. */
  readonly gpus: GpuEvidence | null;
}

export interface Report {
  readonly form: ReportForm;
  readonly parts: readonly ReportPart[];
  /** The certificate that a gateway says to serve, PEM. */
  readonly tlsCertificate: string | null;
}
