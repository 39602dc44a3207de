import {
  measuredNames,
  measuredWords,
  measurementRoutes,
  type MeasuredName,
  type MeasurementView,
} from '@orgn/console-api';
import { useChange } from '../api/change.ts';
import { ProblemNote } from '../page/problem-note.tsx';
import { StepUpDialog, useIsFresh } from '../session/step-up.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface DecideDialogProps {
  value: MeasurementView;
  isApproving: boolean;
  onClose: () => void;
}

/** Lets prompts go to some software, or keeps them from it. */
export default function DecideDialog(props: DecideDialogProps) {
  const isFresh = useIsFresh();
  if (isFresh === null) return null;
  if (!isFresh) return <StepUpDialog purpose="decide what enclaves may run" onClose={props.onClose} />;
  return <Deciding {...props} />;
}

function Deciding({ value, isApproving, onClose }: DecideDialogProps) {
  const decide = useChange(isApproving ? measurementRoutes.approve : measurementRoutes.refuse, {
    done: isApproving ? 'Approved: routers verify the enclave anew.' : 'Refused: nothing is sent to it any more.',
  });
  const submit = () => decide.mutate({ params: { measurementId: value.id } }, { onSuccess: onClose });
  const verb = isApproving ? 'Approve' : 'Refuse';
  return (
    <Dialog title={`${verb} what ${value.provider} runs?`} onClose={onClose} isWide>
      <p>
        {isApproving
          ? 'Prompts of every team may then go to enclaves that prove to run exactly this. It stands in the deployment’s audit log with your name.'
          : 'From then on nothing is sent to enclaves that run this, also what was approved before. It stands in the deployment’s audit log with your name.'}
      </p>
      <Measured value={value} />
      <ComposeChanges lines={value.composeChanges ?? []} />
      {decide.error && <ProblemNote error={decide.error} />}
      <div className="actions end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind={isApproving ? 'primary' : 'danger'} isBusy={decide.isPending} onClick={submit}>
          {verb} this software
        </Button>
      </div>
    </Dialog>
  );
}

/** Lines of the compose file that changed. */
function ComposeChanges({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <>
      <h3>What changed in the compose file</h3>
      <pre className="compose-changes" tabIndex={0} aria-label="Changed lines of the compose file">
        {lines.join('\n')}
      </pre>
    </>
  );
}

/** What was measured, and beside it what was approved before, where that differs. */
function Measured({ value }: { value: MeasurementView }) {
  const changes = new Map(value.changes?.map((change) => [change.name, change]));
  return (
    <dl className="measured">
      {measuredNames.map((name) => {
        const change = changes.get(name);
        return (
          <div key={name} data-changed={change !== undefined || undefined}>
            <dt>
              {measuredWords[name]}
              {change && <span className="changed-word"> changed</span>}
            </dt>
            <dd>
              <Values values={valuesOf(value, name)} />
              {change && (
                <>
                  <span className="quiet">was</span> <Values values={change.before} />
                </>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function valuesOf(value: MeasurementView, name: MeasuredName): readonly string[] {
  const found = value[name];
  if (found === null) return [];
  return typeof found === 'string' ? [found] : found;
}

function Values({ values }: { values: readonly string[] }) {
  if (values.length === 0) return <span className="quiet">not said</span>;
  return values.map((one) => <code key={one}>{one}</code>);
}
