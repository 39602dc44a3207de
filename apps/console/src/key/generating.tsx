import type { NewKey } from '@orgn/console-api';
import { StepUpDialog, useIsFresh } from '../session/step-up.tsx';
import { GenerateDialog } from './generate-dialog.tsx';
import { SecretDialog } from './secret-dialog.tsx';

interface GeneratingProps {
  made: NewKey | null;
  onMade: (key: NewKey) => void;
  onClose: () => void;
}

/** From the wish for a key to its secret: first a recent sign-in, then the form, then the secret. */
export default function Generating({ made, onMade, onClose }: GeneratingProps) {
  const isFresh = useIsFresh();
  if (made) return <SecretDialog made={made} onClose={onClose} />;
  if (isFresh === null) return null;
  if (!isFresh) return <StepUpDialog purpose="make a key" onClose={onClose} />;
  return <GenerateDialog onMade={onMade} onClose={onClose} />;
}
