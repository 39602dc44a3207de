import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemNote } from './problem-note.tsx';

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  /** How many lines the outline has that stands here meanwhile. */
  lines?: number;
  children: (data: T) => ReactNode;
}

/**
 * What a query has brought. Before: an outline, not earlier than a person would notice that they wait. What is there stays while
 * it is asked for again, and when that fails it stays with a word about it.
 */
export function Loaded<T>({ query, lines = 6, children }: LoadedProps<T>) {
  const again = () => void query.refetch();
  if (query.data === undefined) {
    return query.error ? <ProblemNote error={query.error} again={again} /> : <Outline lines={lines} />;
  }
  // Where a list goes on says itself why it does not; see older.tsx.
  const isOlderMissing = 'isFetchNextPageError' in query && query.isFetchNextPageError === true;
  return (
    <div className="loaded" data-refetching={query.isFetching || undefined}>
      {query.error && !isOlderMissing && <ProblemNote error={query.error} again={again} />}
      {children(query.data)}
    </div>
  );
}

function Outline({ lines }: { lines: number }) {
  return (
    <div className="outline" aria-busy="true">
      <span className="unseen">Loading</span>
      {Array.from({ length: lines }, (_, at) => (
        <span key={at} className="outline-line" />
      ))}
    </div>
  );
}
