import { enclaveRoutes, type EnclaveDemands } from '@orgn/console-api';
import type { TeamId } from '@orgn/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { useRefusal } from '../permission/may.ts';
import { StepUpDialog } from '../session/step-up.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox, SelectField } from '../ui/field.tsx';

/** Intel’s words for patch levels that somebody would demand, best first. */
const levels = [
  { value: '', label: 'What this deployment takes' },
  { value: 'UpToDate', label: 'UpToDate: everything is patched' },
  { value: 'SWHardeningNeeded', label: 'SWHardeningNeeded, or better' },
];

const demanded = {
  isTeeOnly: {
    label: 'Nothing runs outside of enclaves',
    hint: 'Whatever a key says: other models are refused with 403 before anything is sent.',
  },
  isGpu: {
    label: 'GPUs of enclaves must be proven',
    hint: 'By their own reports and by NVIDIA’s service.',
  },
  isInstance: {
    label: 'The very connection must have been attested',
    hint: 'Not only the key that it ends in: one more enclave behind the same key is then no other one. Calls may wait for it.',
  },
} as const;

/** What enclaves must prove to this team, beyond what the deployment demands. It can only narrow. */
export function EnclavePanel({ teamId }: { teamId: TeamId }) {
  const query = useQuery(queryOf(enclaveRoutes.get, { params: { teamId } }));
  return (
    <section className="panel" aria-labelledby="enclaves">
      <h2 id="enclaves">What enclaves must prove</h2>
      <p className="quiet">
        For every key and the playground, beyond what this deployment demands; nothing of that is lifted. Where it is
        not met, a request is refused with 503 and the checks that failed, and no prompt is sent.
      </p>
      <Loaded query={query} lines={4}>
        {(demands) => <EnclaveForm key={JSON.stringify(demands)} teamId={teamId} before={demands} />}
      </Loaded>
    </section>
  );
}

function EnclaveForm({ teamId, before }: { teamId: TeamId; before: EnclaveDemands }) {
  const [demands, setDemands] = useState(before);
  const reason = useRefusal()('enclaves.update');
  const change = useChange(enclaveRoutes.set, { done: 'It is demanded from now on, everywhere.' });
  const isSame = JSON.stringify(demands) === JSON.stringify(before);
  const send = () => change.mutate({ params: { teamId }, body: demands });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (reason === undefined && !isSame) send();
  };
  const isTired = codeOf(change.error) === 'reauthentication_required';
  return (
    <form noValidate onSubmit={submit}>
      <fieldset disabled={reason !== undefined}>
        <Demands demands={demands} set={(part) => setDemands({ ...demands, ...part })} />
      </fieldset>
      {change.error && !isTired && <ProblemNote error={change.error} />}
      <div className="actions">
        <Button
          kind="primary"
          type="submit"
          isBusy={change.isPending}
          reason={reason ?? (isSame ? 'Nothing is changed yet.' : undefined)}
        >
          Demand this
        </Button>
      </div>
      {isTired && <StepUpDialog purpose="say what enclaves must prove" onClose={() => change.reset()} onDone={send} />}
    </form>
  );
}

function Demands({ demands, set }: { demands: EnclaveDemands; set: (part: Partial<EnclaveDemands>) => void }) {
  const kept = demands.tcb !== null && !levels.some(({ value }) => value === demands.tcb);
  const options = kept
    ? [...levels, { value: String(demands.tcb), label: `${String(demands.tcb)}, or better` }]
    : levels;
  return (
    <>
      {(Object.keys(demanded) as (keyof typeof demanded)[]).map((name) => (
        <Checkbox
          key={name}
          {...demanded[name]}
          checked={demands[name]}
          onChange={(event) => set({ [name]: event.target.checked })}
        />
      ))}
      <SelectField
        label="Patch level of the processor, in Intel’s words"
        options={options}
        value={demands.tcb ?? ''}
        onChange={(event) => set({ tcb: (event.target.value || null) as EnclaveDemands['tcb'] })}
      />
    </>
  );
}
