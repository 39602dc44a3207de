import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuthConfig } from '../config.ts';
import type { Identity } from '../users/users.repository.ts';
import { toDomain } from './domain.ts';
import { SignInRefusal } from './sign-in-refusal.ts';

/** Who is invited, as the invitations know it and the sign-in asks it. */
export abstract class OpenInvitations {
  /**
   * Whether an invitation of this address can be accepted now.
   * @param link digest of an invitation's token, in base64url, as the person has come by its link; then it has to be this one
   */
  abstract areFor(email: string, link: string | null, manager: EntityManager): Promise<boolean>;
}

/** Somebody who has never been here, and how they came. */
export interface Newcomer {
  identity: Identity;
  /** Digest of the token of the invitation link that they came by; null: by none. */
  invitation: string | null;
}

/** Whether somebody new may come in (SIGN_UP). Who has been here before, or was enrolled, is not asked about. */
@Injectable()
export class SignUp {
  readonly #mode: NonNullable<AuthConfig['SIGN_UP']>;

  constructor(
    private readonly config: AuthConfig,
    private readonly invitations: OpenInvitations,
  ) {
    this.#mode = config.SIGN_UP ?? (config.NODE_ENV === 'production' ? 'invited' : 'open');
  }

  /** @throws SignInRefusal `not_invited`, without anything being written down about them but that */
  async admit(newcomer: Newcomer, manager: EntityManager): Promise<void> {
    if (this.#mode === 'open' || this.#isOfDomain(newcomer.identity)) return;
    if (await this.#isInvited(newcomer, manager)) return;
    throw new SignInRefusal('not_invited');
  }

  #isOfDomain({ email, isEmailVerified }: Identity): boolean {
    if (this.#mode !== 'domains' || !isEmailVerified) return false;
    const domain = email.includes('@') ? toDomain(email.slice(email.lastIndexOf('@') + 1)) : undefined;
    return domain !== undefined && this.config.SIGN_UP_DOMAINS.includes(domain);
  }

  /**
   * By a verified address; or by the link, which was sent to the address that the person gives: then nobody else needs to
   * say that it is theirs.
   */
  async #isInvited({ identity, invitation }: Newcomer, manager: EntityManager): Promise<boolean> {
    const { email, isEmailVerified } = identity;
    if (email === '') return false;
    if (isEmailVerified && (await this.invitations.areFor(email, null, manager))) return true;
    return invitation !== null && this.invitations.areFor(email, invitation, manager);
  }
}
