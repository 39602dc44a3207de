import { useLocation } from 'react-router';
import { useTitle } from '../page/title.ts';
import { ActionLink } from '../ui/action-link.tsx';
import { signInAddress } from './sign-in-address.ts';

/** For whoever is not signed in: one button, which comes back to the page that was asked for. */
export function SignInPage() {
  useTitle('Sign in');
  const { pathname, search, hash } = useLocation();
  return (
    <main className="lone sign-in">
      <p className="product">
        <img src="/icon.svg" alt="" width="36" height="36" />
        ORGN Gateway
      </p>
      <h1>Sign in to the console</h1>
      <p>Keys, usage and your team, on the gateway that your organisation runs. What you prompt is not kept here.</p>
      <ActionLink href={signInAddress({ returnTo: pathname + search + hash })}>Sign in</ActionLink>
      <p className="quiet">
        You go to your organisation’s identity provider and come back to this page. API keys do not sign in here.
      </p>
    </main>
  );
}
