import { api } from '../api/client.ts';
import { beginSignIn } from '@orgn/console-api';

interface Wish {
  /** Where to end: an address of this host. */
  returnTo: string;
  isStepUp?: boolean;
  loginHint?: string;
  /** Digest of an invitation's token. */
  invitation?: string;
}

/** The address that a browser opens to sign in. */
export function signInAddress({ returnTo, isStepUp = false, loginHint, invitation }: Wish): string {
  return api.addressOf(beginSignIn, {
    query: {
      ...(returnTo !== '/' && { returnTo }),
      ...(isStepUp && { stepUp: '1' as const }),
      ...(loginHint && { login_hint: loginHint }),
      ...(invitation && { invitation }),
    },
  });
}
