/** Where an invitation link leads. The token is in the fragment, which only the page's own script sees. */
export const acceptancePage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Invitation · ORGN Gateway</title>
    <link rel="stylesheet" href="/style.css" />
    <script type="module" src="/invitations/accept.js"></script>
  </head>
  <body>
    <main>
      <h1>You are invited to a team</h1>
      <p id="state" role="status">To join, sign in with the e-mail address that was invited.</p>
      <p><a id="next" href="/api/auth/login?returnTo=%2Finvitations%2Faccept">Sign in and join</a></p>
      <noscript><p>This page needs JavaScript to read the invitation out of the link.</p></noscript>
    </main>
  </body>
</html>
`;

/**
 * Keeps the token for this tab while the person signs in, and then joins. Only its digest goes into an address, so that who
 * comes by a link is known for it and no log on the way has the token.
 */
export const acceptanceScript = `const KEPT = 'orgn invitation';
const state = document.getElementById('state');
const next = document.getElementById('next');

function say(text, label, href) {
  state.textContent = text;
  next.textContent = label;
  next.href = href;
}

async function loginAddress(token) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)));
  const name = btoa(String.fromCharCode(...digest)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return '/api/auth/login?returnTo=%2Finvitations%2Faccept&invitation=' + name;
}

async function accept(token) {
  const response = await fetch('/api/invitations/accept', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-orgn-csrf': '1' },
    body: JSON.stringify({ token }),
  });
  const answer = await response.json();
  if (response.ok) {
    sessionStorage.removeItem(KEPT);
    return say('You have joined the team, with the role ' + answer.role + '.', 'To the team', '/teams/' + answer.teamId + '/start');
  }
  const login = await loginAddress(token);
  if (response.status === 401) return say('To join, sign in with the e-mail address that was invited.', 'Sign in and join', login);
  say(answer.detail || 'This did not work. Try again.', 'Sign in as somebody else', login);
}

const given = new URLSearchParams(location.hash.slice(1)).get('token');
if (given) {
  sessionStorage.setItem(KEPT, given);
  history.replaceState(null, '', location.pathname);
}
const token = given || sessionStorage.getItem(KEPT);
if (token) await accept(token).catch(() => say('This site cannot be reached. Try again.', 'Try again', location.pathname));
else say('This link has no invitation in it. Open the link of the invitation again.', 'To the start page', '/');
`;
