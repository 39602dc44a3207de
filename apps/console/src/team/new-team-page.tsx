import { teamRoutes } from '@orgn/console-api';
import { useState, type SyntheticEvent } from 'react';
import { useNavigate } from 'react-router';
import { useChange } from '../api/change.ts';
import { fieldFaults } from '../api/fault.ts';
import { Page } from '../page/page.tsx';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ProblemNote } from '../page/problem-note.tsx';

/** Makes a team that the person owns. */
export default function NewTeamPage() {
  const [name, setName] = useState('');
  const navigate = useNavigate();
  const create = useChange(teamRoutes.create, { done: ({ name: made }) => `${made} is made.`, isSeen: true });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    create.mutate(
      { body: { name: name.trim() } },
      { onSuccess: ({ id }) => void navigate(paths.start({ teamId: id })) },
    );
  };
  const fault = fieldFaults(create.error).name;
  return (
    <Page title="New team" lead="A team has keys, people and usage of its own. You will own it.">
      <form className="panel narrow" noValidate onSubmit={submit}>
        <TextField
          label="Name"
          value={name}
          maxLength={80}
          fault={fault}
          onChange={(event) => setName(event.target.value)}
        />
        {create.error && fault === undefined && <ProblemNote error={create.error} />}
        <div className="actions">
          <Button
            kind="primary"
            type="submit"
            isBusy={create.isPending}
            reason={name.trim() === '' ? 'The team needs a name.' : undefined}
          >
            Make team
          </Button>
        </div>
      </form>
    </Page>
  );
}
