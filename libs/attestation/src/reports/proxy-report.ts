import { fromBase64, fromHex, toHex, type Bytes } from '../bytes/bytes.ts';
import { optionalText, parseJson, record, text, unwrapped, type JsonRecord } from '../bytes/json.ts';
import { Malformed } from '../bytes/malformed.ts';
import { readEventLog } from '../events/event-log.ts';
import type { ShownSoftware } from '../events/log-checks.ts';
import type { SigningKey } from '../evidence/facts.ts';
import { readGpuEvidence } from '../gpu/read-gpu-evidence.ts';
import { hex32, type Binding } from './binding.ts';
import type { Report, ReportPart } from './report.ts';

const largestPart = 4_194_304;

/** A quote as hex or as base64: both are sent. */
export function quoteBytes(value: unknown): Bytes {
  const written = text(value, 'a quote');
  return /^(0x)?[0-9a-fA-F]*$/.test(written) ? fromHex(written) : fromBase64(written);
}

const addressSizes = { ecdsa: 20, ed25519: 32 } as const;

/** The key that signs answers. A public key comes with the 04 of an uncompressed point or without. */
export function signerOf(report: JsonRecord): SigningKey {
  const algorithm = text(report.signing_algo ?? 'ecdsa', 'signing_algo');
  if (algorithm !== 'ecdsa' && algorithm !== 'ed25519') throw new Malformed('an unknown signing_algo');
  const address = fromHex(text(report.signing_address, 'signing_address'));
  if (address.length !== addressSizes[algorithm]) throw new Malformed('a signing_address of another length');
  const shown = optionalText(report.signing_public_key, 'signing_public_key');
  return { algorithm, address: toHex(address), publicKey: shown ? publicKeyHex(shown, algorithm) : null };
}

function publicKeyHex(shown: string, algorithm: SigningKey['algorithm']): string {
  const key = toHex(fromHex(shown));
  if (algorithm === 'ed25519') return key;
  const whole = key.length === 128 ? `04${key}` : key;
  if (whole.length !== 130 || !whole.startsWith('04')) throw new Malformed('a public key of an unknown form');
  return whole;
}

function bindingOf(report: JsonRecord): Binding {
  const fingerprint = optionalText(report.tls_cert_fingerprint, 'tls_cert_fingerprint');
  const nonce = optionalText(report.request_nonce, 'request_nonce');
  return {
    kind: 'address',
    signer: signerOf(report),
    spkiSha256: fingerprint ? hex32(fingerprint, 'tls_cert_fingerprint') : null,
    nonce: nonce ? hex32(nonce, 'request_nonce') : null,
  };
}

/** dstack's `info`: the compose file and what its hash is said to be. The event log may stand beside it or in it. */
export function softwareOf(log: unknown, info: unknown): ShownSoftware | null {
  const about = info === undefined || info === null ? {} : record(unwrapped(info, largestPart), 'info');
  const inner = about.tcb_info ?? {};
  const tcbInfo = record(unwrapped(inner, largestPart), 'tcb_info');
  const shown = log ?? tcbInfo.event_log;
  if (shown === undefined || shown === null) return null;
  return {
    events: readEventLog(shown),
    appCompose: optionalText(tcbInfo.app_compose, 'app_compose'),
    composeHash: optionalText(about.compose_hash ?? tcbInfo.compose_hash, 'compose_hash'),
  };
}

/** How many GPUs dstack gave the machine, where the report says it. */
function statedGpus({ info, vm_config: beside }: JsonRecord): number | null {
  const about = info === undefined || info === null ? {} : record(unwrapped(info, largestPart), 'info');
  const config = about.vm_config ?? beside;
  if (config === undefined || config === null || config === '') return null;
  const count = record(unwrapped(config, largestPart), 'vm_config').num_gpus;
  return typeof count === 'number' ? count : null;
}

/** NVIDIA's payload of a report, as a list or as a text that holds one. */
export function gpusOf(report: JsonRecord): ReportPart['gpus'] {
  const payload = report.nvidia_payload;
  if (payload === undefined || payload === null || payload === '') return null;
  return readGpuEvidence(record(unwrapped(payload, largestPart), 'nvidia_payload'), statedGpus(report));
}

function partOf(value: unknown, role: ReportPart['role']): ReportPart {
  const report = record(value, 'a report');
  return {
    role,
    quote: quoteBytes(report.intel_quote ?? report.quote),
    software: softwareOf(report.event_log, report.info),
    binding: bindingOf(report),
    gpus: gpusOf(report),
  };
}

/** What NEAR's model hosts and dstack's vllm-proxy answer. @throws Malformed */
export const readProxyReport = (report: JsonRecord): Report => ({
  form: 'proxy',
  parts: [partOf(report, 'node')],
  tlsCertificate: null,
});

const mostModels = 32;

/** What NEAR's gateway answers: itself, and the machines of the model behind it. @throws Malformed */
export function readGatewayReport(report: JsonRecord): Report {
  const models = report.model_attestations ?? [];
  if (!Array.isArray(models) || models.length > mostModels) throw new Malformed('an odd list of models');
  return {
    form: 'gateway',
    parts: [partOf(report.gateway_attestation, 'gateway'), ...models.map((model) => partOf(model, 'model'))],
    tlsCertificate: optionalText(report.tls_certificate, 'tls_certificate'),
  };
}

/** A bare quote of dstack's guest agent, with its log beside it or in it. @throws Malformed */
export function readDstackReport(report: JsonRecord): Report {
  const inner = typeof report.quote === 'string' ? report : record(report.quote, 'quote');
  const part: ReportPart = {
    role: 'node',
    quote: quoteBytes(inner.quote),
    software: softwareOf(inner.event_log, report.info),
    binding: { kind: 'none' },
    gpus: null,
  };
  return { form: 'dstack', parts: [part], tlsCertificate: null };
}

export const parseReport = (body: string): JsonRecord => record(parseJson(body, largestPart), 'the report');
