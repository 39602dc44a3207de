import { Suspense, useEffect, useState } from 'react';
import { useBlocker } from 'react-router';
import { Button } from '../ui/button.tsx';
import { Code } from '../ui/code.tsx';
import { Copy } from '../ui/copy.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Note } from '../ui/note.tsx';
import { formNames, forms, snippet, type Form } from './snippets.ts';
import { useDeployment } from './deployment.ts';
import { late } from '../page/late.tsx';
import './secret.css';

const LeaveDialog = late(() => import('./leave-dialog.tsx'));

interface SecretOnceProps {
  secret: string;
  /** `sk-ollm-…o5p6`. */
  hint: string;
  model: string;
  /** What the calls ask; absent: something short. */
  prompt?: string;
}

/** A secret for the only time: masked until asked for, and inside whatever it will be pasted into. */
export function SecretOnce({ secret, hint, model, prompt = 'Say hello in five words.' }: SecretOnceProps) {
  const [isShown, setShown] = useState(false);
  const [isHad, setHad] = useState(false);
  const had = () => setHad(true);
  const [form, setForm] = useState<Form>('curl');
  const baseUrl = useDeployment().apiUrl;
  useLeaveWarning();
  const call = { baseUrl, model, prompt };
  const masked = hint.replace('…', '•'.repeat(28));
  return (
    <div className="secret">
      <Note kind="warning" title="This is the only time that the secret is shown">
        <p>Copy it to where your program reads it from. Nobody can recover it later, also not the operator.</p>
      </Note>
      <div className="secret-line">
        <input readOnly aria-label="Secret key" value={isShown ? secret : masked} spellCheck={false} />
        <Button
          onClick={() => {
            setShown(!isShown);
            had();
          }}
        >
          {isShown ? 'Hide' : 'Show'}
        </Button>
        <Copy text={secret} label="Copy secret" onCopied={had}>
          Copy
        </Copy>
      </div>
      <Tabs
        label="Use it in"
        tabs={forms.map((value) => ({ value, label: formNames[value] }))}
        value={form}
        onChoose={setForm}
      >
        <Code
          label={formNames[form]}
          text={snippet(form, { ...call, key: isShown ? secret : masked })}
          copied={snippet(form, { ...call, key: secret })}
          onCopied={had}
        />
      </Tabs>
      {!isHad && <AskBeforeLeaving />}
    </div>
  );
}

/** Nobody can have a secret that was neither shown nor copied: a link to another page is not followed before they say so. */
function AskBeforeLeaving() {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname);
  if (blocker.state !== 'blocked') return null;
  return (
    <Suspense fallback={null}>
      <LeaveDialog onLeave={blocker.proceed} onClose={blocker.reset} />
    </Suspense>
  );
}

/** The browser asks before the page, and the secret with it, goes away. */
function useLeaveWarning(): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
}
