import { lazy, useState, type ComponentType } from 'react';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import { isOldBuild } from './old-build.ts';

/**
 * A part of a page that is loaded when it is wanted. After a release its file may be gone: the page then stays as it is, with all
 * that was typed, and offers to be loaded again.
 */
export function late<P extends object>(load: () => Promise<{ default: ComponentType<P> }>) {
  return lazy<ComponentType<P>>(() =>
    load().catch((error: unknown) => {
      if (isOldBuild(error)) return { default: NewVersion };
      throw error;
    }),
  );
}

function NewVersion(props: object) {
  const [isSeen, setSeen] = useState(false);
  const close = 'onClose' in props && typeof props.onClose === 'function' ? (props.onClose as () => void) : undefined;
  if (isSeen) return null;
  return (
    <div className="new-version" role="alert">
      <Note kind="warning" title="The console has a new version">
        <p>
          What you asked for went with the old one. Everything that you have typed is still here: finish or copy it,
          then load the page again.
        </p>
        <div className="actions">
          <Button kind="primary" onClick={() => window.location.reload()}>
            Load again
          </Button>
          <Button onClick={() => (close ? close() : setSeen(true))}>Not now</Button>
        </div>
      </Note>
    </div>
  );
}
