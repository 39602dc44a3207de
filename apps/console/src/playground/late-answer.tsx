import { Suspense } from 'react';
import { late } from '../page/late.tsx';
import type { AnswerProps } from './answer.tsx';

const load = () => import('./answer.tsx');
const Late = late(load);
// It comes while the first question is being written. Where it does not, it is asked for again with the answer.
load().catch(() => undefined);

/** An answer, by a part of the page that is not needed to draw it at first. */
export function LateAnswer(props: AnswerProps) {
  return (
    <Suspense fallback={null}>
      <Late {...props} />
    </Suspense>
  );
}
