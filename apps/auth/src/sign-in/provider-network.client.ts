import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import { Injectable } from '@nestjs/common';
import { ConfigError } from '@orgn/service-kit';
import { Agent, fetch as fetchBy } from 'undici';
import { AuthConfig } from '../config.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** How the identity provider is reached, and nothing else is: by certificates that OIDC_CA_FILE vouches for as well. */
@Injectable()
export class ProviderNetwork {
  /** As the global one. */
  readonly fetch: typeof fetch;

  /** @throws ConfigError when OIDC_CA_FILE cannot be read or holds no certificate */
  constructor({ OIDC_CA_FILE: file }: AuthConfig) {
    this.fetch = file === undefined ? (input, init) => fetch(input, init) : fetchTrusting(readCertificates(file));
  }
}

/** The runtime's own fetch takes no agent of another release, so that this one brings its own. */
function fetchTrusting(certificates: readonly string[]): typeof fetch {
  const agent = new Agent({ connect: { ca: [...getCACertificates('default'), ...certificates] } });
  const trusting = (input: string, init: object) => fetchBy(input, { ...init, dispatcher: agent });
  return trusting as unknown as typeof fetch;
}

function readCertificates(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ConfigError(['OIDC_CA_FILE cannot be read']);
  }
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw new ConfigError(['OIDC_CA_FILE holds no certificate in PEM form']);
  return certificates;
}
