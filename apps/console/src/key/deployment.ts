import { getDeployment } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { queryOf } from '../api/query.ts';

/** Where the gateway's API is reached; until that is known, or where nobody has said it, a place for it. */
export function useDeployment(): { apiUrl: string } {
  const { data } = useQuery({ ...queryOf(getDeployment), staleTime: Infinity });
  return { apiUrl: `${data?.apiUrl ?? 'https://your-gateway.example'}/v1` };
}
