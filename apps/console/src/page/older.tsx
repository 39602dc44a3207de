import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { Button } from '../ui/button.tsx';
import { ProblemNote } from './problem-note.tsx';

interface OlderProps {
  query: UseInfiniteQueryResult<InfiniteData<{ data: readonly unknown[] }>>;
  /** What its rows are, as `requests`. */
  what: string;
}

/** What leads on from the end of a paged list: a button, or why the next page did not come. It says how many rows there are now. */
export function Older({ query, what }: OlderProps) {
  const rows = query.data?.pages.reduce((sum, { data }) => sum + data.length, 0);
  return (
    <>
      <p className="unseen" role="status" aria-live="polite">
        {rows === undefined ? '' : `${rows} ${what}${query.hasNextPage ? ', and older ones' : ''}`}
      </p>
      <Next query={query} what={what} />
    </>
  );
}

function Next({ query, what }: OlderProps) {
  const again = () => void query.fetchNextPage();
  if (query.isFetchNextPageError) return <ProblemNote error={query.error} again={again} />;
  if (!query.hasNextPage && (query.data?.pages.length ?? 0) < 2) return null;
  // It stays at the end: who has pressed it stands there.
  return (
    <div className="actions more">
      <Button
        isBusy={query.isFetchingNextPage}
        reason={query.hasNextPage ? undefined : `There are no older ${what}.`}
        onClick={again}
      >
        Older {what}
      </Button>
    </div>
  );
}
