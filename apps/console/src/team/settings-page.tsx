import { teamRoutes, type TeamDetail, type TeamSettings } from '@orgn/console-api';
import { useState, type SyntheticEvent } from 'react';
import { useChange } from '../api/change.ts';
import { fieldFaults } from '../api/fault.ts';
import { Page } from '../page/page.tsx';
import { useRefusal } from '../permission/may.ts';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox, Choice, TextField } from '../ui/field.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { DangerZone } from './danger-zone.tsx';
import { EnclavePanel } from './enclave-form.tsx';
import './team.css';

/** Name and rules of the team, and its end. */
export default function SettingsPage() {
  const team = useTeam();
  return (
    <Page title="Team settings" lead={`What holds for everybody in ${team.name}.`}>
      <SettingsForm key={team.id} team={team} />
      <EnclavePanel key={`enclaves of ${team.id}`} teamId={team.id} />
      <DangerZone team={team} />
    </Page>
  );
}

function SettingsForm({ team }: { team: TeamDetail }) {
  const [name, setName] = useState(team.name);
  const [settings, setSettings] = useState<TeamSettings>(team.settings);
  const reason = useRefusal()('team.update');
  const update = useChange(teamRoutes.update, { done: 'Settings saved.' });
  const set = (part: Partial<TeamSettings>) => setSettings((before) => ({ ...before, ...part }));
  const isSame = name.trim() === team.name && JSON.stringify(settings) === JSON.stringify(team.settings);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (reason !== undefined || isSame) return;
    update.mutate({ params: { teamId: team.id }, body: { name: name.trim(), settings } });
  };
  const faults = fieldFaults(update.error);
  return (
    <form className="panel" noValidate onSubmit={submit}>
      <fieldset disabled={reason !== undefined}>
        <TextField
          label="Name"
          value={name}
          maxLength={80}
          fault={faults.name}
          onChange={(event) => setName(event.target.value)}
        />
        <Checkbox
          label="Members may make keys of their own"
          hint="Otherwise only owners and admins make keys."
          checked={settings.membersMayCreateKeys}
          onChange={(event) => set({ membersMayCreateKeys: event.target.checked })}
        />
        <Choice<TeamSettings['defaultExecutionPolicy']>
          legend="What a new key may execute when its maker does not say"
          value={settings.defaultExecutionPolicy}
          onChoose={(defaultExecutionPolicy) => set({ defaultExecutionPolicy })}
          options={[
            { value: 'any', label: 'Anything in the catalogue' },
            { value: 'tee_only', label: 'Only models in attested enclaves', hint: 'Also binds the playground.' },
          ]}
        />
        <Choice<TeamSettings['leakAction']>
          legend="When a scanner finds a key in public"
          value={settings.leakAction}
          onChoose={(leakAction) => set({ leakAction })}
          options={[
            { value: 'revoke', label: 'Revoke it', hint: 'For good; its callers need another key.' },
            { value: 'disable', label: 'Disable it', hint: 'Until somebody has looked at it and enables it again.' },
          ]}
        />
      </fieldset>
      {update.error && Object.keys(faults).length === 0 && <ProblemNote error={update.error} />}
      <div className="actions">
        <Button
          kind="primary"
          type="submit"
          isBusy={update.isPending}
          reason={reason ?? (isSame ? 'Nothing is changed yet.' : undefined)}
        >
          Save
        </Button>
      </div>
    </form>
  );
}
