import type { ConsoleRequest } from '@orgn/console-api';
import { Link, useParams } from 'react-router';
import { paths } from '../paths.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { figure, usd } from '../ui/figures.ts';
import { aside, number, Table } from '../ui/table.tsx';
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
    <Table
      label="Requests"
      className="requests"
      columns={[
        'When',
        aside('Model'),
        'Outcome',
        aside('Key'),
        ...['Tokens, took', 'Cost'].map((title) => ({ ...number(title), isAside: true })),
      ]}
    >
      {rows.map((row) => (
        <tr key={row.id}>
          <th scope="row">
            <Link className="row-name" to={paths.request({ teamId, requestId: row.id })}>
              <Time at={row.at} isExact />
            </Link>
            <code className="narrow-only">{row.model ?? '–'}</code>
          </th>
          <td className="aside">
            <code>{row.model ?? '–'}</code>
          </td>
          <td>
            <Badge tone={outcomeTones[row.outcome] ?? 'neutral'}>{row.outcome}</Badge>
            {row.refusal && <small>{row.refusal.code}</small>}
            <small className="narrow-only">{usd(row.costUsd)}</small>
          </td>
          <td className="aside wraps">
            {row.key ? row.key.name : 'Playground'}
            <small>{whoOf(row)}</small>
          </td>
          <td className="number aside">
            {figure(row.promptTokens)} + {figure(row.completionTokens)}
            <small>{figure(row.durationMs)} ms</small>
          </td>
          <td className="number aside">{usd(row.costUsd)}</td>
        </tr>
      ))}
    </Table>
  );
}
