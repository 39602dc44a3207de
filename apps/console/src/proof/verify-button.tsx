import { useMutation } from '@tanstack/react-query';
import { ProblemNote } from '../page/problem-note.tsx';
import { isOldBuild } from '../page/old-build.ts';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import { announce } from '../ui/notices.tsx';
import type { Given } from './verify-here.ts';

interface VerifyButtonProps {
  /** Brings what is verified: asked for when the button is pressed. */
  bring: () => Promise<Given>;
  reason?: string | undefined;
}

/** Loads the verifier when it is wanted, and shows what it finds. Nothing leaves this browser by that. */
export function VerifyButton({ bring, reason }: VerifyButtonProps) {
  const verifying = useMutation({
    mutationFn: async () => {
      const [{ default: View, verifyHere, foundInWords }, given] = await Promise.all([
        import('./verified-here.tsx'),
        bring(),
      ]);
      const verified = await verifyHere(given);
      return { View, verified, words: foundInWords(verified) };
    },
    onSuccess: ({ words }) => announce(words),
  });
  const { data, error } = verifying;
  return (
    <>
      <Button isBusy={verifying.isPending} reason={reason} onClick={() => verifying.mutate()}>
        {verifying.isPending ? 'Verifying' : 'Verify in this browser'}
      </Button>
      {error && <Failed error={error} again={() => verifying.mutate()} />}
      {data && <data.View verified={data.verified} />}
    </>
  );
}

function Failed({ error, again }: { error: Error; again: () => void }) {
  if (!isOldBuild(error)) return <ProblemNote error={error} again={again} />;
  return (
    <Note isAlert kind="warning" title="The console has a new version">
      <p>The verifier of this page’s release is gone. Load the page again when you are done here.</p>
    </Note>
  );
}
