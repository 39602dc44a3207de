import { billingRoutes } from '@orgn/console-api';
import type { TeamId } from '@orgn/contracts';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { SelectField } from '../ui/field.tsx';

const MONTHS = 24;
const name = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** A month of the team's books, as a file. */
export function Statements({ teamId }: { teamId: TeamId }) {
  const [months] = useState(lately);
  const [month, setMonth] = useState(months[0]?.value ?? '');
  const addressOf = (format: 'csv' | 'json') =>
    api.addressOf(billingRoutes.statement, { params: { teamId }, query: { month, format } });
  return (
    <section aria-labelledby="statements">
      <h2 id="statements">Statements</h2>
      <p className="quiet">
        What a month (UTC) began and ended with, what usage came to day by day, and what was paid. It always adds up.
      </p>
      <div className="statement">
        <SelectField label="Month" options={months} value={month} onChange={(event) => setMonth(event.target.value)} />
        {(['csv', 'json'] as const).map((format) => (
          <a key={format} className="button plain" href={addressOf(format)} download={`statement-${month}.${format}`}>
            <Download aria-hidden size={16} />
            {format.toUpperCase()}
          </a>
        ))}
      </div>
    </section>
  );
}

function lately(): { value: string; label: string }[] {
  const now = new Date();
  return Array.from({ length: MONTHS }, (_, back) => {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back));
    return { value: month.toISOString().slice(0, 7), label: name.format(month) };
  });
}
