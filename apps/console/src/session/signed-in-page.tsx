import { useEffect } from 'react';
import { Link } from 'react-router';
import { paths } from '../paths.ts';
import { useTitle } from '../page/title.ts';
import { saySignedIn } from './signed-in-channel.ts';

/** Where a sign-in in a second tab ends: the first one goes on. */
export default function SignedInPage() {
  useTitle('Signed in');
  useEffect(() => {
    saySignedIn();
    window.close();
  }, []);
  return (
    <main className="lone" id="main" tabIndex={-1}>
      <h1>You are signed in</h1>
      <p>Go back to the tab that you came from; it has what you typed. This one can be closed.</p>
      <p>
        <Link to={paths.home()}>To the start page</Link>
      </p>
    </main>
  );
}
