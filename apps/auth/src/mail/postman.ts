import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceLog } from '@orgn/service-kit';
import { createTransport, type Transporter } from 'nodemailer';
import type { AuthConfig } from '../config.ts';
import { Postman, type Mail } from './mail.ts';

const TIMEOUT_MS = 5_000;

/** Chooses how mail leaves. Without a server nothing does, and who invites somebody hands the link over. */
export function postmanFor(config: AuthConfig, log: ServiceLog): Postman {
  if (config.SMTP_URL) return new SmtpPostman(config.SMTP_URL, config.MAIL_FROM);
  log.warn('SMTP_URL is not set: no mail leaves, and invitations show their links to whoever makes them');
  return new FilePostman(config.MAIL_DIR, config.MAIL_FROM);
}

/** Hands mail to a server. */
export class SmtpPostman extends Postman {
  readonly isReal = true;
  readonly #transport: Transporter;

  constructor(
    url: string,
    private readonly from: string,
  ) {
    super();
    const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
    this.#transport = createTransport({ url, ...timeouts });
  }

  async send(mail: Mail): Promise<void> {
    await this.#transport.sendMail({ from: this.from, ...mail });
  }
}

/** Writes mail to files that a mail program can open; without a directory, nowhere. */
export class FilePostman extends Postman {
  readonly isReal = false;
  readonly #transport = createTransport({ streamTransport: true, buffer: true });

  constructor(
    private readonly directory: string | undefined,
    private readonly from: string,
  ) {
    super();
  }

  async send(mail: Mail): Promise<void> {
    if (this.directory === undefined) return;
    const { message } = await this.#transport.sendMail({ from: this.from, ...mail });
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID()}.eml`;
    await writeFile(join(this.directory, name), message as Buffer, { mode: 0o600 });
  }
}
