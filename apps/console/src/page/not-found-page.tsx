import { Link } from 'react-router';
import { paths } from '../paths.ts';
import { Page } from './page.tsx';

/** For addresses that lead nowhere, and for what this person may not know of: the two look the same. */
export function NotFoundPage() {
  return (
    <Page
      title="There is nothing here"
      lead="Either this address leads nowhere, or it leads to something that is not for you."
    >
      <p>
        Perhaps you are signed in as somebody else than you meant, or in another team.{' '}
        <Link to={paths.home()}>To the start page</Link>
      </p>
    </Page>
  );
}
