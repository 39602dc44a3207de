import { useEffect } from 'react';
import { useRouteError } from 'react-router';
import { ActionLink } from '../ui/action-link.tsx';
import { isOldBuild, reloadOnce } from '../page/old-build.ts';
import { useTitle } from '../page/title.ts';

/** A page that could not be drawn: it is of a release that is gone, or has a fault of ours. */
export function PageFault() {
  const error = useRouteError();
  const isOld = isOldBuild(error);
  useTitle(isOld ? 'New version' : 'This page failed');
  useEffect(() => {
    if (isOld) reloadOnce();
  }, [isOld]);
  return (
    <main className="lone" id="main" tabIndex={-1}>
      <h1>{isOld ? 'The console has a new version' : 'This page failed'}</h1>
      <p>
        {isOld
          ? 'A part of this page belongs to a release that is not there any more. Load it again to go on.'
          : 'The fault is in the console, not in what you did. Load the page again; if it fails again, tell the operator.'}
      </p>
      <ActionLink href={window.location.pathname + window.location.search}>Load again</ActionLink>
    </main>
  );
}
