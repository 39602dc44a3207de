import { Injectable } from '@nestjs/common';
import { fetchUserInfo, randomNonce, randomState, type Configuration, type IDToken } from 'openid-client';
import { Strategy, type VerifyFunction } from 'openid-client/passport';
import { AuthConfig } from '../config.ts';
import { leavesGroupsOpen } from './group-claims.ts';
import { joinUserInfo, leavesAddressOpen, type Claims } from './identity-claims.ts';
import { IdentityProvider } from './identity-provider.client.ts';
import { SignInRefusal } from './sign-in-refusal.ts';
import { toRefusal } from './to-refusal.ts';

const CALLBACK_PATH = '/api/auth/callback';
const SESSION_KEY = 'signIn';
/** A year: no provider remembers a browser for longer, so that nobody is asked again because of it. */
const ANY_AGE_SECONDS = 31_536_000;

/** What the strategy remembers of an authorization request until its answer comes: state, nonce, PKCE verifier. */
export type Checks = Record<string, unknown>;

export interface AuthorizationRequest {
  redirectTo: string;
  state: string;
  checks: Checks;
}

/** Who the provider says this is, and its ID token. */
export interface SignedInAtProvider {
  claims: Claims;
  idToken: string;
}

/** How an exchange with the provider is shaped, beyond what the configuration says. */
interface Wishes {
  loginHint: string | undefined;
  isStepUp: boolean;
}

/**
 * openid-client's passport strategy, driven without passport and without express: it is given a request with a `session`
 * that we keep ourselves, and methods to end in, on an instance made for this one exchange.
 */
@Injectable()
export class SignInStrategy {
  constructor(
    private readonly config: AuthConfig,
    private readonly provider: IdentityProvider,
  ) {}

  /** Makes an authorization request. @throws SignInRefusal */
  async begin(wishes: Wishes): Promise<AuthorizationRequest> {
    const session: Record<string, Checks> = {};
    await this.provider.requireAwake();
    const exchange = await this.#exchange('begin', { ...wishes, search: '' });
    const redirectTo = await exchange.run<string>(session);
    const state = new URL(redirectTo).searchParams.get('state') ?? '';
    // openid-client would refuse what does not say when the person was asked, step-up or not: `answer-checks` is exact.
    const { max_age: _, ...checks } = session[SESSION_KEY] ?? {};
    return { redirectTo, state, checks };
  }

  /** Redeems the provider's answer. @param search query of the callback, as it came @throws SignInRefusal */
  async complete(search: string, checks: Checks): Promise<SignedInAtProvider> {
    const exchange = await this.#exchange('complete', { loginHint: undefined, isStepUp: false, search });
    return exchange.run<SignedInAtProvider>({ [SESSION_KEY]: checks });
  }

  async #exchange(step: 'begin' | 'complete', wishes: Wishes & { search: string }): Promise<Exchange> {
    return new Exchange(await this.provider.client(), this.config, { step, ...wishes });
  }
}

class Exchange extends Strategy {
  readonly #config: AuthConfig;
  readonly #request: Wishes & { step: 'begin' | 'complete'; search: string };

  constructor(
    client: Configuration,
    config: AuthConfig,
    request: Wishes & { step: 'begin' | 'complete'; search: string },
  ) {
    const callbackURL = config.CONSOLE_URL + CALLBACK_PATH;
    super(
      { config: client, callbackURL, scope: config.OIDC_SCOPES, sessionKey: SESSION_KEY },
      readTokens(client, config),
    );
    this.#config = config;
    this.#request = request;
  }

  /** Answers what the step answers. @throws SignInRefusal */
  run<T>(session: Record<string, Checks>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const ends = {
        success: resolve as (user: unknown) => void,
        redirect: resolve as (url: unknown) => void,
        // The one failure that the strategy does not call an error.
        fail: () => reject(new SignInRefusal('denied')),
        pass: () => reject(new SignInRefusal('untrusted_answer')),
        error: (error: unknown) => reject(toRefusal(error)),
      };
      Object.assign(this, ends).authenticate({ method: 'GET', session } as never, {} as never);
    });
  }

  /** The strategy's own sends neither state nor nonce to a provider that knows PKCE. */
  override authorizationRequestParams(): URLSearchParams {
    const { loginHint, isStepUp } = this.#request;
    return new URLSearchParams({
      state: randomState(),
      nonce: randomNonce(),
      ...(loginHint !== undefined && { login_hint: loginHint }),
      // `max_age` obliges the provider to say when it asked, `prompt` makes it ask now.
      max_age: String(isStepUp ? this.#config.STEP_UP_SECONDS : ANY_AGE_SECONDS),
      ...(isStepUp && { prompt: 'login' }),
    });
  }

  override shouldInitiateAuthRequest(): boolean {
    return this.#request.step === 'begin';
  }

  override currentUrl(): URL {
    return new URL(CALLBACK_PATH + this.#request.search, this.#config.CONSOLE_URL);
  }
}

/** Takes the claims out of the tokens, and from userinfo what the ID token leaves open about address and groups. */
function readTokens(client: Configuration, config: AuthConfig): VerifyFunction {
  return (tokens, verified) => {
    const read = async (): Promise<SignedInAtProvider> => {
      const claims: IDToken | undefined = tokens.claims();
      if (!claims || tokens.id_token === undefined) throw new SignInRefusal('untrusted_answer');
      const hasUserInfo = client.serverMetadata().userinfo_endpoint !== undefined;
      const isOpen = leavesAddressOpen(claims, config) || leavesGroupsOpen(claims, config);
      if (!hasUserInfo || !isOpen) return { claims, idToken: tokens.id_token };
      const more = await fetchUserInfo(client, tokens.access_token, claims.sub);
      return { claims: joinUserInfo(claims, more, config), idToken: tokens.id_token };
    };
    read().then(
      (user) => void verified(null, user),
      (error: unknown) => void verified(error),
    );
  };
}
