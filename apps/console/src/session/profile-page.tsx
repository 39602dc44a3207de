import { Page } from '../page/page.tsx';
import { Choice, SelectField } from '../ui/field.tsx';
import { keep, kept } from '../ui/kept.ts';
import { chooseTimeZone, useTimeZone } from '../ui/time-zone.ts';
import { useState } from 'react';
import { useSession } from './session.ts';
import { Sessions } from './sessions.tsx';
import { YourData } from './your-data.tsx';

type Theme = 'system' | 'light' | 'dark';

/** The person: who they are here, how pages look to them, and where they are signed in. */
export default function ProfilePage() {
  const { user } = useSession();
  return (
    <Page
      title="Profile"
      lead={`Signed in as ${user.name}, ${user.email}. Name and address come from your identity provider.`}
    >
      <div className="two">
        <ThemeChoice />
        <ZoneChoice />
      </div>
      <Sessions />
      <YourData />
    </Page>
  );
}

function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>((kept('theme') ?? 'system') as Theme);
  const choose = (next: Theme) => {
    setTheme(next);
    keep('theme', next === 'system' ? null : next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  };
  return (
    <section className="panel">
      <Choice<Theme>
        legend="Theme"
        value={theme}
        onChoose={choose}
        options={[
          { value: 'system', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
    </section>
  );
}

function ZoneChoice() {
  const zone = useTimeZone();
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];
  const all = zones.includes(zone) ? zones : [zone, ...zones];
  return (
    <section className="panel">
      <SelectField
        label="Time zone"
        hint="For times. Days, weeks and months of usage and limits are UTC, as the gateway counts them."
        options={all.map((name) => ({ value: name, label: name.replaceAll('_', ' ') }))}
        value={zone}
        onChange={(event) => chooseTimeZone(event.target.value)}
      />
    </section>
  );
}
