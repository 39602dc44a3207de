/** A message to one person, in plain text. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Delivers mail. */
export abstract class Postman {
  /** Whether mail leaves this deployment; else it ends in files, for whoever develops here. */
  abstract readonly isReal: boolean;

  /** @throws when the message was not accepted for delivery */
  abstract send(mail: Mail): Promise<void>;
}
