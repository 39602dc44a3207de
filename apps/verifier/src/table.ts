import type { Outcome, VerifiedReceipt } from '@orgn/receipts';

const words: Record<Outcome, string> = { good: 'GOOD', bad: 'BAD', unknown: 'NOT KNOWN' };
const signs = { pass: 'ok', fail: 'FAIL', unknown: '?' };

/** What was verified, for people. Control characters of a file's are not repeated. */
export function toTable(verified: VerifiedReceipt): string {
  const { receipt, receiptChecks, checks, facts, outcome } = verified;
  const lines = [
    ...(receipt ? about(verified) : []),
    '',
    ...receiptChecks.map(({ id, status, detail }) => row(id, signs[status], detail)),
    ...(checks.length > 0 ? ['', 'The enclave and the answer, from the evidence:', ''] : []),
    ...checks.map(({ id, status, source, detail }) => row(id, signs[status], `${detail}  [${source}]`)),
    '',
    ...(facts?.developmentRoot || receipt?.orgn.development_root ? [development, ''] : []),
    words[outcome],
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

const development = 'DEVELOPMENT ROOT: this evidence was made by a simulator. It proves nothing about any hardware.';

function about({ receipt }: VerifiedReceipt): string[] {
  if (!receipt) return [];
  const { orgn, model, receipt_id: id, served_at: at, endpoint } = receipt;
  return [
    `receipt    ${id}, ${orgn.status}${orgn.reason === null ? '' : ` (${orgn.reason})`}`,
    `request    ${endpoint}, model ${model}, ${new Date(at * 1_000).toISOString()}`,
    `executed   ${orgn.execution} by ${orgn.provider}, ${orgn.upstream_model}`,
    `channel    ${orgn.channel ?? 'nothing is proven of the connection'}`,
  ];
}

function row(id: string, sign: string, detail: string): string {
  return `${sign.padEnd(5)}${id.padEnd(22)}${detail}`.trimEnd();
}

function printable(line: string): string {
  return line.replace(/[^\x20-\x7e\u00a1-\ud7ff]/gu, '?');
}
