import { signOut } from '@orgn/console-api';
import { api } from '../api/client.ts';

/** Ends the session here, and then at the identity provider. */
export function useSignOut(): () => void {
  return () => {
    void api
      .call(signOut)
      .then(({ logoutUrl }) => window.location.assign(logoutUrl))
      .catch(() => window.location.reload());
  };
}
