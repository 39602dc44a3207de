import { toHex, utf8 } from '../bytes/bytes.ts';
import { list, optionalText, record, text, type JsonRecord } from '../bytes/json.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { Crypto } from '../crypto/crypto-port.ts';
import { readGpuEvidence } from '../gpu/read-gpu-evidence.ts';
import { hex32 } from './binding.ts';
import { quoteBytes } from './proxy-report.ts';
import type { Report, ReportPart } from './report.ts';

const mostInstances = 64;

function chutesPart(value: unknown): ReportPart {
  const instance = record(value, 'an instance');
  const evidence = instance.gpu_evidence;
  return {
    role: 'node',
    quote: quoteBytes(instance.intel_quote ?? instance.quote),
    software: null,
    binding: {
      kind: 'chutes',
      nonce: text(instance.nonce, 'nonce'),
      publicKey: text(instance.e2e_pubkey, 'e2e_pubkey'),
    },
    gpus: evidence === undefined || evidence === null ? null : readGpuEvidence({ evidence_list: evidence }),
  };
}

/** What Chutes answers through others' gateways: one entry an instance, or one alone. @throws Malformed */
export function readChutesReport(report: JsonRecord): Report {
  const instances = report.all_attestations ?? [report];
  const parts = list(instances, 'all_attestations', mostInstances).map((one) =>
    chutesPart({ nonce: report.nonce, ...record(one, 'an instance') }),
  );
  if (parts.length === 0) throw new Malformed('a report without instances');
  return { form: 'chutes', parts, tlsCertificate: null };
}

/** What Tinfoil answers (version 3). Its GPUs' evidence is hashed as compact JSON. @throws Malformed */
export function readTinfoilReport(report: JsonRecord, crypto: Crypto): Report {
  const data = record(report.report_data, 'report_data');
  const cpu = record(report.cpu, 'cpu');
  if (cpu.platform !== 'tdx') throw new Malformed('another TEE than TDX');
  const computed = toHex(crypto.sha256(utf8(JSON.stringify(report.gpu ?? null))));
  const gpuHash = hex32(text(data.gpu_evidence_hash, 'gpu_evidence_hash'), 'gpu_evidence_hash');
  const switches = optionalText(data.nvswitch_evidence_hash, 'nvswitch_evidence_hash');
  const gpu = report.gpu;
  const part: ReportPart = {
    role: 'node',
    quote: quoteBytes(cpu.report),
    software: null,
    binding: {
      kind: 'tinfoil',
      spkiSha256: hex32(text(data.tls_key_fp, 'tls_key_fp'), 'tls_key_fp'),
      hpkeKey: hex32(text(data.hpke_key, 'hpke_key'), 'hpke_key'),
      nonce: hex32(text(data.nonce, 'nonce'), 'nonce'),
      gpuHash: { stated: gpuHash, computed },
      switchHash: switches ? hex32(switches, 'nvswitch_evidence_hash') : null,
    },
    gpus: gpu === undefined || gpu === null ? null : readGpuEvidence(record(gpu, 'gpu')),
  };
  return { form: 'tinfoil', parts: [part], tlsCertificate: null };
}
