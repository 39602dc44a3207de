import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { keptToken, nameOfToken, tokenIn } from './invitation-token.ts';

/** The token that this tab was opened with, or had before the sign-in. It leaves the address, and so the history, at once. */
export function useInvitationToken(): string | null {
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState(() => tokenIn(hash) ?? keptToken.read());
  // The browser's history and its storage for this tab.
  useEffect(() => {
    const given = tokenIn(hash);
    if (given === null) return;
    keptToken.keep(given);
    setToken(given);
    void navigate(pathname, { replace: true });
  }, [hash, pathname, navigate]);
  return token;
}

/** What sign-in is told of an invitation; null until it is computed. */
export function useNameOfToken(token: string): { name: string | undefined } | null {
  const [named, setNamed] = useState<{ token: string; name: string | undefined } | null>(null);
  // The browser computes digests beside the page.
  useEffect(() => {
    let isCurrent = true;
    void nameOfToken(token).then((name) => {
      if (isCurrent) setNamed({ token, name });
    });
    return () => {
      isCurrent = false;
    };
  }, [token]);
  return named?.token === token ? named : null;
}
