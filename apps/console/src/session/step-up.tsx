import { Suspense, useEffect, useState } from 'react';
import { useFreshness } from './session.ts';
import type { StepUpProps } from './step-up-dialog.tsx';
import { late } from '../page/late.tsx';

const Asking = late(() => import('./step-up-dialog.tsx'));

/** Asks the person to prove again who they are; loaded when it is asked. */
export function StepUpDialog(props: StepUpProps) {
  return (
    <Suspense fallback={null}>
      <Asking {...props} />
    </Suspense>
  );
}

/** Whether a form may open: `null` while the server is asked. Once it may, it stays so, whatever the clock says then. */
export function useIsFresh(): boolean | null {
  const ask = useFreshness();
  const [isFresh, setFresh] = useState<boolean | null>(null);
  useEffect(() => {
    let isWanted = true;
    // The answer of the server, which is outside of what is drawn.
    ask().then(
      (fresh) => isWanted && setFresh((before) => before ?? fresh),
      () => isWanted && setFresh((before) => before ?? true),
    );
    return () => {
      isWanted = false;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- asked once, when the form is wanted
  }, []);
  return isFresh;
}
