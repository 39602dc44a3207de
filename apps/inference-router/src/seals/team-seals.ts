import { ServiceError } from '@orgn/contracts';
import type { ReasoningKey } from './reasoning-key.ts';
import { openSeal, readSeal, seal } from './seal.ts';

/** Reasoning that was sealed here, and what it is good for. */
export interface OpenedSeal {
  executed: string;
  text: string;
}

/** Where reasoning happened, as seals name it. */
export interface Executed {
  execution: string;
  provider: string;
  id: string;
}

export const executedBy = ({ execution, provider, id }: Executed) => [execution, provider, id].join(' ');

/** What OpenAI's own encrypted reasoning begins with: a conversation that was begun there goes on here without it. */
const FOREIGN = /^gAAAA[A-Za-z0-9_=-]+$/;

/** What the reasoning of one team is sealed with: plain data. */
export interface SealKeys {
  secrets: readonly { kid: string; secret: Uint8Array }[];
  teamId: string;
}

/** Seals and opens the reasoning of one team. Nothing is kept: the caller brings it back. */
export class TeamSeals {
  constructor(
    private readonly secrets: readonly ReasoningKey[],
    private readonly teamId: string,
  ) {}

  /** In another thread. */
  static of({ secrets, teamId }: SealKeys): TeamSeals {
    const own = secrets.map(({ kid, secret }) => ({ kid, secret: Buffer.from(secret) }));
    return new TeamSeals(own, teamId);
  }

  /** For another thread of this process. */
  get keys(): SealKeys {
    return { secrets: this.secrets, teamId: this.teamId };
  }

  /** @returns undefined when this router has no key */
  seal(text: string, executed: Executed): string | undefined {
    const [key] = this.secrets;
    return key && seal(text, key, { teamId: this.teamId, executed: executedBy(executed) });
  }

  /**
   * @param param where it stands in the request
   * @returns undefined for a seal under a key that this router does not have any more, and for one of another provider's own
   * @throws ServiceError `invalid_request` for a seal that was not made here for this team
   */
  open(sealed: string, param: string): OpenedSeal | undefined {
    if (FOREIGN.test(sealed)) return undefined;
    const parts = readSeal(sealed);
    if (!parts) throw notOurs(param);
    const key = this.secrets.find(({ kid }) => kid === parts.kid);
    if (!key) return undefined;
    const text = openSeal(parts, key, this.teamId);
    if (text === undefined) throw notOurs(param);
    return { executed: parts.executed, text };
  }
}

function notOurs(param: string): ServiceError {
  return new ServiceError('invalid_request', `${param} was not made by this gateway for this team; leave it out.`, {
    param,
  });
}
