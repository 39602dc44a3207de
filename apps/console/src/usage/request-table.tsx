import type { ConsoleRequest } from '@orgn/console-api';
import { Link, useParams } from 'react-router';
import { paths } from '../paths.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { figure, usd } from '../ui/figures.ts';
import { Time } from '../ui/time.tsx';

export const outcomeTones: Record<string, Tone> = {
  completed: 'good',
  failed: 'bad',
  withheld: 'bad',
  refused: 'warning',
  cancelled: 'neutral',
};

/** Whose request it was, in words. */
export function whoOf({ member, owner }: Pick<ConsoleRequest, 'member' | 'owner'>): string {
  if (member) return member.name;
  if (owner === 'operator') return 'the operator';
  return owner === 'unrecorded' ? 'not recorded then' : 'somebody who is gone';
}

/** Requests, newest first. */
export function RequestTable({ rows }: { rows: readonly ConsoleRequest[] }) {
  const { teamId = '' } = useParams();
  return (
    <div className="table-frame" role="region" aria-label="Requests" tabIndex={0}>
      <table className="table requests">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Model</th>
            <th scope="col">Outcome</th>
            <th scope="col">Key</th>
            <th scope="col" className="number">
              Tokens
            </th>
            <th scope="col" className="number">
              Took
            </th>
            <th scope="col" className="number">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <Link className="row-name" to={paths.request({ teamId, requestId: row.id })}>
                  <Time at={row.at} isExact />
                </Link>
              </th>
              <td>
                <code>{row.model ?? '–'}</code>
              </td>
              <td>
                <Badge tone={outcomeTones[row.outcome] ?? 'neutral'}>{row.outcome}</Badge>
                {row.refusal && <small>{row.refusal.code}</small>}
              </td>
              <td>
                {row.key ? row.key.name : 'Playground'}
                <small>{whoOf(row)}</small>
              </td>
              <td className="number">
                {figure(row.promptTokens)} + {figure(row.completionTokens)}
              </td>
              <td className="number">{figure(row.durationMs)} ms</td>
              <td className="number">{usd(row.costUsd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
