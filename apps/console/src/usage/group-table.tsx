import type { UsageGroup } from '@orgn/console-api';
import { Link, useSearchParams } from 'react-router';
import { paths } from '../paths.ts';
import { Breakable } from '../ui/breakable.tsx';
import { figure, usd } from '../ui/figures.ts';
import { Beneath, Table } from '../ui/table.tsx';
import { Part } from './part.tsx';
import { sumColumns, sumsInWords } from './sum-columns.ts';

interface GroupTableProps {
  groups: readonly UsageGroup[];
  /** The groups that the chart tells apart, in its order. */
  names: readonly (string | null)[];
  by: string;
  title: string;
  teamId: string;
}

/** What each group came to; each leads to its requests. */
export function GroupTable({ groups, names, by, title, teamId }: GroupTableProps) {
  const [search] = useSearchParams();
  return (
    <Table label={`Usage by ${by}`} columns={[title, ...sumColumns]}>
      {groups.map((group) => (
        <tr key={group.name}>
          <th scope="row">
            <Part at={names.indexOf(names.includes(group.name) ? group.name : null)}>
              <Link className="row-name" to={`${paths.requests({ teamId })}?${narrowed(search, by, group.name)}`}>
                <Breakable name={nameOf(group)} />
              </Link>
              <Beneath>{sumsInWords(group.sums)}</Beneath>
            </Part>
          </th>
          <td className="number">{figure(group.sums.requests)}</td>
          <td className="number aside">{figure(group.sums.failed)}</td>
          <td className="number aside">{figure(group.sums.promptTokens)}</td>
          <td className="number aside">{figure(group.sums.completionTokens)}</td>
          <td className="number">{usd(group.sums.costUsd)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** What the page is narrowed by now, and by one group besides. */
function narrowed(search: URLSearchParams, by: string, name: string): string {
  const next = new URLSearchParams(search);
  next.delete('by');
  next.set(by, name);
  return next.toString();
}

const said: Record<string, string> = {
  operator: 'Keys of the operator',
  unrecorded: 'From before it was recorded whose key it was',
  playground: 'Playground',
};

function nameOf({ key, member, name, label }: UsageGroup): string {
  if (key) return `${key.name} (${key.hint})`;
  return member?.name ?? said[name] ?? label;
}
