import { ProofDetails } from '../proof/proof-details.tsx';
import { ProofBadge, proofStateOf } from '../proof/proof-state.tsx';
import { Badge } from '../ui/badge.tsx';
import { Copy } from '../ui/copy.tsx';
import { figure, usd } from '../ui/figures.ts';
import { useTeam } from '../session/team.ts';
import { tokensPerSecond, type Answer, type AnswerHead } from './conversation.ts';

const executions: Record<string, string> = { tee: 'enclave', zdr: 'zero retention', operator: 'operator' };

/** What an answer took, where it was made, and the id that it is found by. */
export function AnswerFigures({ answer }: { answer: Answer }) {
  const { head, usage } = answer;
  const { id: teamId } = useTeam();
  if (!head) return null;
  return (
    <div className="answer-figures">
      {head.execution !== null && <Where head={head} execution={head.execution} asked={answer.model} />}
      <p>{[...times(answer), ...(usage ? amounts(usage) : [])].join(' · ')}</p>
      {head.dropped !== null && <p>Not used of the request: {head.dropped}</p>}
      {head.maxTokens !== null && <p>The model’s own limit was set: {head.maxTokens} tokens.</p>}
      {head.requestId !== null && (
        <p>
          Request <code>{head.requestId}</code> <Copy text={head.requestId} label="Copy request id" />
        </p>
      )}
      {head.requestId !== null && answer.state === 'done' && (
        <ProofDetails teamId={teamId} requestId={head.requestId} seen={answer.seen} />
      )}
    </div>
  );
}

function Where({ head, execution, asked }: { head: AnswerHead; execution: string; asked: string }) {
  return (
    <p>
      <Badge tone={execution === 'tee' ? 'accent' : 'neutral'}>{executions[execution] ?? execution}</Badge>{' '}
      <ProofBadge state={proofStateOf(execution, head.attestation)} />{' '}
      {head.provider !== null && <>by {head.provider}</>}
      {head.model !== null && head.model !== asked && <>, with {head.model} in its place</>}
    </p>
  );
}

function times(answer: Answer): string[] {
  const { firstTokenMs, durationMs } = answer;
  const rate = tokensPerSecond(answer);
  return [
    ...(firstTokenMs === null ? [] : [`first token ${duration(firstTokenMs)}`]),
    ...(durationMs === null ? [] : [`${duration(durationMs)} in all`]),
    ...(rate === undefined ? [] : [`${figure(Math.round(rate))} tokens/s`]),
  ];
}

function amounts({
  promptTokens,
  completionTokens,
  reasoningTokens,
  cachedTokens,
  costUsd,
}: NonNullable<Answer['usage']>) {
  return [
    `${figure(promptTokens)} tokens in${cachedTokens > 0 ? `, ${figure(cachedTokens)} of them cached` : ''}`,
    `${figure(completionTokens)} out${reasoningTokens > 0 ? `, ${figure(reasoningTokens)} of them thought` : ''}`,
    ...(costUsd === null ? [] : [usd(costUsd)]),
  ];
}

function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
