import type { DemoUser } from './demo-users.ts';

/** The page on which a demo user is chosen; `action` is where the choice is posted to. */
export function signInPage(users: readonly DemoUser[], action: string): string {
  const buttons = users.map(
    (user) =>
      `<button name="email" value="${escape(user.email)}"><b>${escape(user.name)}</b>` +
      `<span>${escape(user.email)} · ${escape(user.role)}</span></button>`,
  );
  const form = `<form method="post" action="${escape(action)}">${buttons.join('')}</form>`;
  return page('Sign in', `<p>Development sign-in. Choose who you are.</p>${form}`);
}

/** The page that signs out: its form posts itself, and has a button where scripts are off. */
export function signOutPage(form: string): string {
  const button = '<button form="op.logoutForm" name="logout" value="yes">Sign out</button>';
  // A form that posts itself does not name its button: the field says what the button would.
  const withAnswer = form.replace('</form>', '<input type="hidden" name="logout" value="yes"/></form>');
  const script = '<script>document.getElementById("op.logoutForm").submit()</script>';
  return page('Signing out', `${withAnswer}<noscript>${button}</noscript>${script}`);
}

/** A page with one message. */
export function messagePage(title: string, message: string): string {
  return page(title, `<p>${escape(message)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · id-orgn</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: #f4f5f7; color: #1c1e21 }
main { width: min(24rem, 90vw); background: #fff; border: 1px solid #dfe1e6; border-radius: 12px; padding: 2rem }
h1 { font-size: 1.25rem; margin: 0 0 .5rem } p { margin: 0 0 1rem; color: #5c6470 }
button { display: block; width: 100%; text-align: left; font: inherit; color: inherit; background: #fff;
  border: 1px solid #c9cdd4; border-radius: 8px; padding: .6rem .9rem; margin-top: .5rem; cursor: pointer }
button:hover, button:focus-visible { border-color: #3758f9; outline: 2px solid #3758f933 }
button span { display: block; font-size: .85rem; color: #5c6470 }
@media (prefers-color-scheme: dark) { body { background: #16181c; color: #e8eaed } p, button span { color: #a3abb8 }
  main, button { background: #1f2228; border-color: #3a3f49 } }
</style></head>
<body><main><h1>${escape(title)}</h1>${body}</main></body></html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
