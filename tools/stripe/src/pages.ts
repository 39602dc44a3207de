import type { Session } from './objects.ts';

/** The page that somebody pays at. */
export function payPage({ amount_total, currency }: Session): string {
  const amount = `${(amount_total / 100).toFixed(2)} ${currency.toUpperCase()}`;
  const buttons = [
    ['card', 'Pay', 'by card, at once'],
    ['bank', 'Pay by bank', 'arrives when /control/settle says so'],
    ['leave', 'Go back', 'without paying'],
  ].map(([how, text, hint]) => `<button name="how" value="${how}"><b>${text}</b><span>${hint}</span></button>`);
  return page(
    `Pay ${amount}`,
    `<p>No money moves: this stands in for Stripe.</p><form method="post">${buttons.join('')}</form>`,
  );
}

/** A page with one message. */
export function messagePage(title: string): string {
  return page(title, '<p>Go back to where you came from, and begin again.</p>');
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Stripe stand-in</title>
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
<body><main><h1>${title}</h1>${body}</main></body></html>
`;
}
