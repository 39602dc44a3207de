import { Injectable } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import {
  allowInsecureRequests,
  buildEndSessionUrl,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  discovery,
  enableNonRepudiationChecks,
  randomState,
  type ServerMetadata,
} from 'openid-client';
import { AuthConfig } from '../config.ts';
import { SignInRefusal } from './sign-in-refusal.ts';
import { toRefusal } from './to-refusal.ts';

const METADATA_FRESH_MS = 3_600_000;
const TIMEOUT_SECONDS = 5;

/** The OpenID provider: asked what it is when somebody wants to sign in, not at boot, and again every hour. */
@Injectable()
export class IdentityProvider {
  #known: { metadata: Promise<ServerMetadata>; until: number } | undefined;

  constructor(
    private readonly config: AuthConfig,
    private readonly log: ServiceLog,
  ) {}

  /**
   * What its discovery document says.
   * @throws SignInRefusal `provider_unreachable`, `provider_misconfigured`, `simulator_in_production`
   */
  metadata(): Promise<ServerMetadata> {
    if (this.#known && Date.now() < this.#known.until) return this.#known.metadata;
    const known = { metadata: this.#discover(), until: Date.now() + METADATA_FRESH_MS };
    this.#known = known;
    known.metadata.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return known.metadata;
  }

  /**
   * A client of it, for one exchange. Each fetches the signing keys anew: then a rotation of keys is never noticed late,
   * and sign-ins are rare enough.
   */
  async client(): Promise<Configuration> {
    const metadata = await this.metadata();
    const { OIDC_CLIENT_ID: id, OIDC_CLIENT_SECRET: secret } = this.config;
    const isBasic = metadata.token_endpoint_auth_methods_supported?.includes('client_secret_basic') ?? true;
    const client = new Configuration(metadata, id, {}, isBasic ? ClientSecretBasic(secret) : ClientSecretPost(secret));
    client.timeout = TIMEOUT_SECONDS;
    // Without this, openid-client takes TLS for proof enough and verifies no signature.
    enableNonRepudiationChecks(client);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; used in development alone
    if (this.#mayBePlain) allowInsecureRequests(client);
    return client;
  }

  /** Where a browser signs out of the provider too; undefined: the provider has no such place. */
  async endSessionUrl(idToken: string | undefined): Promise<string | undefined> {
    const client = await this.client();
    if (client.serverMetadata().end_session_endpoint === undefined) return undefined;
    return buildEndSessionUrl(client, {
      ...(idToken !== undefined && { id_token_hint: idToken }),
      post_logout_redirect_uri: `${this.config.CONSOLE_URL}/`,
      state: randomState(),
    }).href;
  }

  async #discover(): Promise<ServerMetadata> {
    const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: id, NODE_ENV } = this.config;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; used in development alone
    const execute = this.#mayBePlain ? [allowInsecureRequests] : [];
    const found = await discovery(new URL(issuer), id, {}, undefined, { timeout: TIMEOUT_SECONDS, execute }).catch(
      (error: unknown) => {
        const isUnreachable = toRefusal(error).reason === 'provider_unreachable';
        throw this.#refusal(isUnreachable ? 'provider_unreachable' : 'provider_misconfigured', error);
      },
    );
    const metadata = found.serverMetadata();
    if (metadata.issuer !== issuer || !isComplete(metadata)) throw this.#refusal('provider_misconfigured');
    // It signs in whoever asks.
    if (NODE_ENV === 'production' && metadata.orgn_simulator === true) throw this.#refusal('simulator_in_production');
    return { ...metadata };
  }

  get #mayBePlain(): boolean {
    return this.config.NODE_ENV !== 'production' && this.config.OIDC_ISSUER.startsWith('http:');
  }

  #refusal(reason: SignInRefusal['reason'], cause?: unknown): SignInRefusal {
    this.log.error('identity provider not usable', cause, { reason });
    return new SignInRefusal(reason, cause);
  }
}

/** Without these there is no sign-in that could be trusted. */
function isComplete({ authorization_endpoint, token_endpoint, jwks_uri }: ServerMetadata): boolean {
  return [authorization_endpoint, token_endpoint, jwks_uri].every((endpoint) => endpoint !== undefined);
}
