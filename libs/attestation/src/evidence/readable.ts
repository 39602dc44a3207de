import type { QuoteCollateral, SessionEvidence } from './evidence.ts';

const statements = [
  ...(['pck_crl_issuer_chain', 'root_ca_crl', 'pck_crl', 'tcb_info_issuer_chain', 'tcb_info'] as const),
  ...(['tcb_info_signature', 'qe_identity_issuer_chain', 'qe_identity', 'qe_identity_signature'] as const),
] satisfies (keyof QuoteCollateral)[];

/** Machines of a report are fewer. */
const mostMachines = 16;
/** Intel's largest, a revocation list in hex, is far below. */
const longestStatement = 1_048_576;
/** Three certificates are a tenth of it. */
const longestChain = 65_536;

/** Evidence in which what is no text, or too long a one, is empty: a type promises nothing of what somebody read from a file. */
export function readable({ report, nonce, peerSpki, collateral, nras, gpus }: SessionEvidence): SessionEvidence {
  return {
    report: textOf(report),
    nonce: textOf(nonce),
    peerSpki: typeof peerSpki === 'string' ? peerSpki : null,
    collateral: (Array.isArray(collateral) ? collateral : []).slice(0, mostMachines).flatMap(statementsOf),
    nras: isObject(nras) ? { response: textOf(nras.response), jwks: textOf(nras.jwks) } : null,
    ...(isObject(gpus) && isObject(gpus.evidence) && { gpus }),
  };
}

function statementsOf(value: unknown): QuoteCollateral[] {
  if (!isObject(value)) return [];
  const given = value as Record<string, unknown>;
  const most = (name: string) => (name.endsWith('_chain') ? longestChain : longestStatement);
  const read = statements.map((name) => [name, textOf(given[name], most(name))] as const);
  return [Object.fromEntries(read) as unknown as QuoteCollateral];
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const textOf = (value: unknown, most = Infinity): string =>
  typeof value === 'string' && value.length <= most ? value : '';
