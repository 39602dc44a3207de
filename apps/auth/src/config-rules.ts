import { accessSync, constants } from 'node:fs';
import { missing, type Rule } from '@orgn/service-kit/settings';

/** Whom SIGN_UP lets in by their domain must be somebody. */
const requireDomains: Rule = ({ SIGN_UP, SIGN_UP_DOMAINS = '' }) => {
  if (SIGN_UP !== 'domains' || SIGN_UP_DOMAINS.trim() !== '') return [];
  const message = 'SIGN_UP=domains lets nobody in without the line SIGN_UP_DOMAINS=example.com,example.org';
  return [{ name: 'SIGN_UP_DOMAINS', message: `SIGN_UP_DOMAINS is not set: ${message}` }];
};

/** In production, whoever can read or change the traffic must not be able to sign in as somebody. */
const requireHttps: Rule = (given) => {
  if (given.NODE_ENV !== 'production') return [];
  const plain = ['CONSOLE_URL', 'OIDC_ISSUER'].filter((name) => given[name]?.startsWith('http:'));
  return plain.map((name) => ({ name, message: `${name} must be https in production` }));
};

/** In production a server and a sender belong together: a mail from localhost is taken by nobody. */
const requireSender: Rule = ({ NODE_ENV, SMTP_URL, MAIL_FROM }) => {
  if (NODE_ENV !== 'production' || !SMTP_URL === !MAIL_FROM) return [];
  if (SMTP_URL) return [missing('MAIL_FROM', 'but SMTP_URL is', 'ORGN Gateway <no-reply@example.com>')];
  return [missing('SMTP_URL', 'but MAIL_FROM is', 'smtp://user:password@mail.example.com:587')];
};

const requireAuthorities: Rule = ({ OIDC_CA_FILE }) => {
  if (!OIDC_CA_FILE) return [];
  try {
    accessSync(OIDC_CA_FILE, constants.R_OK);
    return [];
  } catch {
    const message = 'OIDC_CA_FILE names a file that cannot be read: a PEM file as this process sees it';
    return [{ name: 'OIDC_CA_FILE', message }];
  }
};

/** What the settings of sign-in and mail must be beside each other. */
export const signInRules = [requireDomains, requireHttps, requireSender, requireAuthorities];
