import { receiptRoutes } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { Code } from '../ui/code.tsx';
import { figure } from '../ui/figures.ts';

/** A head grows once a minute. */
const AGAIN_MS = 30_000;

/** The head of the log that every receipt is in: whoever keeps it sees later whether anything was taken out. */
export function LogHead() {
  const query = useQuery({ ...queryOf(receiptRoutes.log), refetchInterval: AGAIN_MS });
  return (
    <section className="panel" aria-labelledby="log-heading">
      <h2 id="log-heading">Log of receipts</h2>
      <Loaded query={query} lines={3}>
        {({ checkpoint, size }) =>
          checkpoint === null ? (
            <p className="quiet">The log has no entry yet. Receipts go into it once a minute.</p>
          ) : (
            <>
              <p>
                {figure(size)} entries, by salted digests that tell nobody anything. Keep this head: a later one must
                lead from it, and monitors of such logs check that it does.
              </p>
              <Code label="Head of the log" text={checkpoint} />
            </>
          )
        }
      </Loaded>
    </section>
  );
}
