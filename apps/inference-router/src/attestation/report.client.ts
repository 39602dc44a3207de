import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import type { ProviderEndpoint } from '../providers/provider.ts';
import { fetchText } from './fetch-text.client.ts';
import type { SingleConnection } from './pinned-connections.client.ts';

const MOST_BYTES = 4 * 1_048_576;

/** Both ways in which the quote can be asked to name the TLS key as well: NEAR's and dstack's. */
const tlsBound = { include_tls_fingerprint: 'true', version: '2' };

/** Asks enclaves for their attestation reports. No credential goes along: whom it would go to is yet to be found out. */
@Injectable()
export class ReportClient {
  /**
   * The report, as it was served over this connection.
   * @param nonce 64 hex characters
   * @throws ServiceError `provider_unavailable`
   */
  async reportOver(connection: SingleConnection, { baseUrl }: ProviderEndpoint, nonce: string): Promise<string> {
    const query = new URLSearchParams({ nonce, signing_algo: 'ed25519', ...tlsBound });
    const asked = { most: MOST_BYTES, dispatcher: connection.asking, headers: { accept: 'application/json' } };
    const report = await fetchText(`${baseUrl}/attestation/report?${query.toString()}`, asked);
    if (report.status === 200) return report.text;
    const aci = await fetchText(`${baseUrl}/aci/attestation?nonce=${nonce}`, asked);
    if (aci.status === 200) return aci.text;
    throw new ServiceError('provider_unavailable', 'The provider shows no attestation report.');
  }
}
