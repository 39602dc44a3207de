import { Suspense, useState } from 'react';
import { late } from '../page/late.tsx';
import type { SeenBytes } from './verify-here.ts';

const ReceiptPanel = late(() => import('./receipt-panel.tsx'));

interface ProofDetailsProps {
  teamId: string;
  requestId: string;
  seen?: SeenBytes | null;
  isOpen?: boolean;
}

/** The proof of an answer, folded until somebody wants to see it; until then nothing of it is loaded. */
export function ProofDetails({ teamId, requestId, seen = null, isOpen = false }: ProofDetailsProps) {
  const [isWanted, setWanted] = useState(isOpen);
  return (
    <details className="proof" open={isOpen}>
      <summary onClick={() => setWanted(true)}>Proof</summary>
      {isWanted && (
        <Suspense fallback={<p className="quiet">Loading</p>}>
          <ReceiptPanel {...{ teamId, requestId, seen }} />
        </Suspense>
      )}
    </details>
  );
}
