import { findPackageJSON } from 'node:module';
import { join, resolve } from 'node:path';
import {
  baseConfig,
  configClass,
  connectionSettings,
  databaseSettings,
  port,
  requireTrustedProxies,
  secret,
  trustedProxies,
} from '@orgn/service-kit/settings';
import { z } from 'zod';
import { signInRules } from './config-rules.ts';
import { toDomain } from './sign-in/domain.ts';

const DOMAINS_RULE = 'must be domains of e-mail addresses, comma-separated: example.com,example.org';
const seconds = z.coerce.number().int().positive();
const origin = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin);

/** `example.com, example.org` as a list of names as DNS knows them. */
const domains = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((domain) => domain.trim() || []))
  .refine((list) => list.every((domain) => toDomain(domain) !== undefined), DOMAINS_RULE)
  .transform((list) => list.flatMap((domain) => toDomain(domain) ?? []));

/** `one,another` as a list. */
const names = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((name) => name.trim() || []));

const schema = baseConfig.extend({
  ...connectionSettings,
  ...databaseSettings,
  /** Interface of the console host. */
  HTTP_HOST: z.string().default('127.0.0.1'),
  /** Port of the console host. */
  HTTP_PORT: port,
  /** Origin of the console host as browsers see it; https in production. */
  CONSOLE_URL: origin,
  /** Origin of the gateway's API as programs reach it, for the pages to show; absent: they show a place for it. */
  API_URL: origin.optional(),
  /** Proxies in front of this host whose X-Forwarded-For is believed: `none`, or a list that production must give. */
  TRUSTED_PROXIES: trustedProxies,
  /** Directory with the console's built pages; absent: the ones of this repository. */
  CONSOLE_DIR: z
    .string()
    .default(join(findPackageJSON('..', import.meta.url) ?? '', '../../console/dist'))
    .transform((directory) => resolve(directory)),
  /** Issuer of the OpenID provider, exactly as its discovery document says it. */
  OIDC_ISSUER: z.url({ protocol: /^https?$/ }),
  /** Name of this deployment at the provider. */
  OIDC_CLIENT_ID: z.string().min(1),
  /** Its secret there. */
  OIDC_CLIENT_SECRET: secret(z.string().min(1)),
  /** Scopes that are asked for, separated by spaces; `openid` is one of them. */
  OIDC_SCOPES: z
    .string()
    .regex(/(^| )openid( |$)/, 'must contain openid')
    .default('openid email profile'),
  /** Claims that hold the e-mail address, whether it was verified, and the name to show. */
  OIDC_EMAIL_CLAIM: z.string().default('email'),
  OIDC_EMAIL_VERIFIED_CLAIM: z.string().default('email_verified'),
  OIDC_NAME_CLAIM: z.string().default('name'),
  /** The issuer whose addresses count as verified where it does not say whether they are; absent: none. */
  OIDC_TRUST_EMAIL: z.url({ protocol: /^https?$/ }).optional(),
  /** A file of certificates (PEM) that sign the provider's own, beside the ones that everybody trusts. */
  OIDC_CA_FILE: z.string().optional(),
  /**
   * Who may come in for the first time: `invited`, also people whose verified address is in one of SIGN_UP_DOMAINS
   * (`domains`), or everybody whom the identity provider knows (`open`). Default: `invited` in production, else `open`.
   */
  SIGN_UP: z.enum(['invited', 'domains', 'open']).optional(),
  /** Domains of addresses, comma-separated; a domain does not stand for those below it. */
  SIGN_UP_DOMAINS: domains,
  /** Whom to ask for an invitation, as the page says it that turns people away: a name, an address. */
  SIGN_UP_CONTACT: z.string().max(200).optional(),
  /** Who operates this deployment in the console: what the identity provider calls them (`sub`), comma-separated. */
  OPERATORS: names,
  /** Groups of the identity provider whose members operate this deployment, comma-separated; read at each sign-in. */
  OPERATOR_GROUPS: names,
  /** The claim that holds a person's groups, a list of names; `realm_access.roles` is one inside another. */
  OIDC_GROUPS_CLAIM: z.string().min(1).default('groups'),
  /** How old a sign-in may be for what needs a fresh one. */
  STEP_UP_SECONDS: seconds.default(15 * 60),
  /** A session ends when it was not used for this long. */
  SESSION_IDLE_SECONDS: seconds.default(8 * 3600),
  /** A session ends this long after its sign-in, used or not. */
  SESSION_ABSOLUTE_SECONDS: seconds.default(7 * 24 * 3600),
  /** Sign-ins that may be begun and not ended, of everybody together; beyond that the oldest are forgotten. */
  MAX_PENDING_SIGN_INS: z.coerce.number().int().positive().default(20_000),
  /** Mails with invitations that one person may have sent in a day (UTC), also again. */
  MAX_INVITATIONS_PER_PERSON_PER_DAY: z.coerce.number().int().positive().default(50),
  /** The same of everybody together. */
  MAX_INVITATIONS_PER_DAY: z.coerce.number().int().positive().default(1_000),
  /** Teams that one person may make in a day (UTC). */
  MAX_TEAMS_PER_PERSON_PER_DAY: z.coerce.number().int().positive().default(20),
  /** Multiplies the limits on how often something may be done. */
  RATE_LIMIT_FACTOR: z.coerce.number().positive().max(1_000_000).default(1),
  /**
   * Where mail goes: `smtp://user:password@host:port` or `smtps://…`. Absent: nowhere but to files in MAIL_DIR, and whoever
   * invites somebody is shown the link to hand over.
   */
  SMTP_URL: secret(z.url({ protocol: /^smtps?$/ }).optional()),
  /** Sender of mails; production with SMTP_URL must say it. */
  MAIL_FROM: z.string().default('ORGN Gateway <no-reply@localhost>'),
  /** Directory for mails that nobody sends; absent: they are written nowhere. */
  MAIL_DIR: z.string().optional(),
  /** Where the public keys of secret-scanning reports are fetched; anything but GitHub's is for tests. */
  GITHUB_API_URL: z.url({ protocol: /^https?$/ }).default('https://api.github.com'),
});

/** Settings of the auth service. */
export class AuthConfig extends configClass(schema, requireTrustedProxies, ...signInRules) {}
