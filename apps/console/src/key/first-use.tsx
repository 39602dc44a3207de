import { keyRoutes } from '@orgn/console-api';
import type { KeyId, TeamId } from '@orgn/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { queryOf } from '../api/query.ts';
import { announce } from '../ui/notices.tsx';
import { relativeSeconds } from '../ui/time-text.ts';
import { useNow } from '../ui/now.ts';

const POLL_MS = 2_000;

/** Waits for the first call with a new key, and says it when it has come. */
export function FirstUse({ teamId, keyId }: { teamId: TeamId; keyId: KeyId }) {
  const { data } = useQuery({ ...queryOf(keyRoutes.get, { params: { teamId, keyId } }), refetchInterval: POLL_MS });
  const now = useNow(1);
  const at = data?.lastUsedAt;
  const isUsed = Boolean(at);
  // Once: the line itself changes every second.
  useEffect(() => {
    if (isUsed) announce('The key has been used.');
  }, [isUsed]);
  return (
    <p className="first-use" data-seen={at ? true : undefined}>
      <span className="pulse" aria-hidden />
      {at ? `First call ${relativeSeconds(new Date(at).getTime(), now)}. It works.` : 'Waiting for the first call …'}
    </p>
  );
}
