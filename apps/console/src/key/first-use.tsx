import { keyRoutes } from '@orgn/console-api';
import type { KeyId, TeamId } from '@orgn/contracts';
import { useQuery } from '@tanstack/react-query';
import { queryOf } from '../api/query.ts';
import { relativeSeconds } from '../ui/time-text.ts';
import { useNow } from '../ui/now.ts';

const POLL_MS = 2_000;

/** Waits for the first call with a new key, and says it when it has come. */
export function FirstUse({ teamId, keyId }: { teamId: TeamId; keyId: KeyId }) {
  const { data } = useQuery({ ...queryOf(keyRoutes.get, { params: { teamId, keyId } }), refetchInterval: POLL_MS });
  const now = useNow(1);
  const at = data?.lastUsedAt;
  return (
    <p className="first-use" role="status" data-seen={at ? true : undefined}>
      <span className="pulse" aria-hidden />
      {at ? `First call ${relativeSeconds(new Date(at).getTime(), now)}. It works.` : 'Waiting for the first call …'}
    </p>
  );
}
