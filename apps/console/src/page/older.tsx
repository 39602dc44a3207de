import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { Button } from '../ui/button.tsx';
import { ProblemNote } from './problem-note.tsx';

/** What leads on from the end of a paged list: a button, or why the next page did not come. */
export function Older({ query, what }: { query: UseInfiniteQueryResult; what: string }) {
  const again = () => void query.fetchNextPage();
  if (query.isFetchNextPageError) return <ProblemNote error={query.error} again={again} />;
  if (!query.hasNextPage) return null;
  return (
    <div className="actions more">
      <Button isBusy={query.isFetchingNextPage} onClick={again}>
        Older {what}
      </Button>
    </div>
  );
}
