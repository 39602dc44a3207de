import { receiptRoutes, type ShownReceipt } from '@orgn/console-api';
import type { RequestId, TeamId } from '@orgn/contracts';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { codeOf } from '../api/fault.ts';
import { queryOf } from '../api/query.ts';
import { isWorthAnother } from '../api/queries.ts';
import { Loaded } from '../page/loaded.tsx';
import { Note } from '../ui/note.tsx';
import { Time } from '../ui/time.tsx';
import { StepList } from './check-list.tsx';
import { OwnMachine } from './own-machine.tsx';
import { VerifyButton } from './verify-button.tsx';
import type { SeenBytes } from './verify-here.ts';
import './proof.css';

interface ReceiptPanelProps {
  teamId: string;
  requestId: string;
  /** What this page sent and got; null: it did not. */
  seen: SeenBytes | null;
}

/** A receipt is made after the last byte, and a request is known some seconds later. */
const PAUSE_MS = 1_500;
const MOST_ASKED = 14;

/** What is known of where an answer was made: what the gateway signed, and what this browser finds when it looks itself. */
export default function ReceiptPanel({ teamId, requestId, seen }: ReceiptPanelProps) {
  const params = { teamId: teamId as TeamId, requestId: requestId as RequestId };
  const query = useQuery({
    ...queryOf(receiptRoutes.get, { params }),
    retry: (failures, error) =>
      codeOf(error) === 'not_found' ? failures < MOST_ASKED : isWorthAnother(failures, error),
    retryDelay: PAUSE_MS,
    refetchInterval: ({ state }) =>
      state.data?.state === 'due' && state.dataUpdateCount < MOST_ASKED ? PAUSE_MS : false,
  });
  return (
    <Loaded query={query} lines={7}>
      {({ state, receipt }) => {
        if (!receipt) return <NoReceipt state={state} />;
        const bring = async () => {
          const [bundle, keys] = await Promise.all([
            api.call(receiptRoutes.bundle, { params }),
            api.call(receiptRoutes.keys),
          ]);
          return { bundle: JSON.stringify(bundle), keys: JSON.stringify(keys), seen };
        };
        return (
          <>
            <Receipt receipt={receipt} />
            <VerifyButton bring={bring} />
            <OwnMachine
              requestId={requestId}
              bundle={api.addressOf(receiptRoutes.bundle, { params })}
              keys={api.addressOf(receiptRoutes.keys, {})}
            />
          </>
        );
      }}
    </Loaded>
  );
}

const absent = {
  due: ['The receipt is being made', 'The provider has not signed its answer yet. This looks again by itself.'],
  unavailable: [
    'The receipt was lost',
    'One was to be made, and the router that had the evidence is gone. Nothing can be proven of this answer.',
  ],
  none: ['There is no receipt', 'This request was not dispatched, or ran before this gateway made receipts.'],
} as const;

function NoReceipt({ state }: { state: 'there' | keyof typeof absent }) {
  const [title, text] = absent[state === 'there' ? 'none' : state];
  return (
    <Note kind={state === 'unavailable' ? 'warning' : 'info'} title={title}>
      <p>{text}</p>
    </Note>
  );
}

const statuses: Record<ShownReceipt['orgn']['status'], string> = {
  verified: 'The gateway says: verified',
  pending: 'The gateway says: not finished',
  failed: 'The gateway says: failed',
  unavailable: 'The gateway says: nothing to prove it by',
};
const channels = {
  instance_attested: 'The very connection that carried the prompt was attested before.',
  key_attested: 'The prompt travelled to a TLS key that was attested on another connection of the same endpoint.',
};

function Receipt({ receipt: { orgn } }: { receipt: ShownReceipt }) {
  const { session, status, reason, execution, provider, channel } = orgn;
  const checks = [...new Map([...(session?.checks ?? []), ...orgn.checks].map((check) => [check.id, check])).values()];
  return (
    <>
      <p>
        <strong>{statuses[status]}</strong>
        {reason !== null && <>: {reason}</>}
        {session && (
          <>
            , enclave looked at <Time at={new Date(session.verified_at).toISOString()} />
          </>
        )}
        .
      </p>
      {orgn.development_root && <DevelopmentRoot />}
      {execution === 'tee' ? (
        <>
          {channel && <p className="quiet">{channels[channel]}</p>}
          <StepList checks={checks} label="What the gateway checked" />
        </>
      ) : (
        <p>{promised(execution, provider)}</p>
      )}
    </>
  );
}

function promised(execution: string, provider: string): string {
  if (execution === 'zdr')
    return `No hardware proves anything here. ${provider} promises by contract that it keeps nothing of the request; the receipt holds the hash of what was sent, which carried that wish.`;
  return 'No hardware proves anything here. The operator of this gateway runs this model, and answers for it.';
}

function DevelopmentRoot() {
  return (
    <Note kind="warning" title="Development root">
      <p>A simulator made this evidence. It shows how proofs work, and proves nothing about any hardware.</p>
    </Note>
  );
}
