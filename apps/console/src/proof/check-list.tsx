import { checkMeanings } from '@orgn/attestation';
import type { ShownCheck } from '@orgn/console-api';
import { CircleAlert, CircleCheck, CircleHelp } from 'lucide-react';
import { judge, type JudgedStep } from './steps.ts';
import './proof.css';

type Status = ShownCheck['status'];

const signs = { pass: CircleCheck, fail: CircleAlert, unknown: CircleHelp };
const words: Record<Status, string> = { pass: 'passed', fail: 'failed', unknown: 'not checked' };
/** Who says so. */
const sources: Record<string, string> = {
  hardware_proven: 'signed by hardware',
  verifier_derived: 'worked out by the verifier',
  provider_asserted: 'said by the provider',
  operator_asserted: 'said by the operator',
};

/** What was checked of an enclave and its answer: one line a question, and the single checks beneath. */
export function StepList({ checks, label }: { checks: readonly ShownCheck[]; label: string }) {
  return (
    <ol className="proof-steps" aria-label={label}>
      {judge(checks).map((step) => (
        <StepRow key={step.title} step={step} />
      ))}
    </ol>
  );
}

function StepRow({ step: { title, meaning, status, checks } }: { step: JudgedStep }) {
  return (
    <li>
      <details>
        <summary>
          <Sign status={status} />
          <span className="proof-title">{title}</span>
          <span className="quiet">{count(checks, status)}</span>
        </summary>
        <p className="quiet">{meaning}</p>
        <CheckList checks={checks} meanings={checkMeanings} />
      </details>
    </li>
  );
}

interface CheckListProps {
  checks: readonly (Omit<ShownCheck, 'source'> & { source?: string })[];
  meanings: Readonly<Record<string, string>>;
}

/** Checks by their ids, each with what it means and what was found. */
export function CheckList({ checks, meanings }: CheckListProps) {
  if (checks.length === 0) return <p className="quiet">None of its checks was made.</p>;
  return (
    <ul className="proof-checks">
      {checks.map(({ id, status, source, detail }) => (
        <li key={id}>
          <Sign status={status} />
          <div>
            <p>
              {meanings[id] ?? id} {source !== undefined && <em>{sources[source] ?? source}</em>}
            </p>
            <p className="quiet">
              <code>{id}</code> {detail}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Sign({ status }: { status: Status }) {
  const Icon = signs[status];
  return (
    <span className={`proof-sign ${status}`}>
      <Icon aria-hidden size={16} />
      <span className="unseen">{words[status]}: </span>
    </span>
  );
}

function count(checks: readonly ShownCheck[], status: Status): string {
  if (checks.length === 0) return words.unknown;
  const same = checks.filter((check) => check.status === status).length;
  return same === checks.length ? `${same} ${words[status]}` : `${same} of ${checks.length} ${words[status]}`;
}
