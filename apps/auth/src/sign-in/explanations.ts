import type { RefusalReason } from './sign-in-refusal.ts';

interface Explanation {
  status: 400 | 403 | 503;
  title: string;
  /** What happened and what to do. */
  detail: string;
}

/** What a person is told about a failed sign-in. A new reason does not compile until it has its words. */
export const explanations = {
  unknown_state: {
    status: 400,
    title: 'This sign-in is not known here',
    detail:
      'It was begun in another browser, or long ago, or this browser keeps no cookies for this site. Begin again in this browser.',
  },
  answered: {
    status: 400,
    title: 'This sign-in was answered already',
    detail: 'An answer of the identity provider counts once. If you are not signed in, begin again.',
  },
  expired: {
    status: 400,
    title: 'This sign-in took too long',
    detail: 'A sign-in has to be completed within ten minutes. Begin again.',
  },
  denied: {
    status: 403,
    title: 'The sign-in was cancelled',
    detail:
      'The identity provider says that it was cancelled or not allowed. If you did not cancel it, ask whoever administers your account there.',
  },
  provider_refused: {
    status: 400,
    title: 'The identity provider did not sign you in',
    detail: 'It answered that it cannot do so now, perhaps because it needs something from you first. Begin again.',
  },
  code_refused: {
    status: 400,
    title: 'The sign-in could not be completed',
    detail:
      'The identity provider did not accept its own answer any more: it may have been used before, or be too old. Begin again.',
  },
  untrusted_answer: {
    status: 400,
    title: 'The sign-in could not be trusted',
    detail:
      'What came back does not prove that the identity provider made it for this site, now and for you. Begin again; if it happens again, tell the operator.',
  },
  clock_skew: {
    status: 400,
    title: 'The sign-in is out of time',
    detail:
      'By the clock of this site, the identity provider’s answer is too old or lies in the future. Begin again; if it happens again, tell the operator to compare the clocks.',
  },
  wrong_person: {
    status: 403,
    title: 'That was somebody else',
    detail:
      'You were asked to prove again who you are, but another person signed in. You are still signed in as before. Sign in as the same person.',
  },
  not_fresh: {
    status: 403,
    title: 'The identity provider did not ask you again',
    detail:
      'This needs a fresh sign-in, and the identity provider does not say that you have just signed in. You are still signed in as before.',
  },
  no_auth_time: {
    status: 403,
    title: 'The identity provider does not say when you signed in',
    detail:
      'This needs a fresh sign-in, and nothing that the identity provider sends says when you last proved who you are. You are still signed in as before. Tell the operator to have the provider put the claim auth_time into this site’s ID tokens.',
  },
  not_invited: {
    status: 403,
    title: 'You have not been invited yet',
    detail:
      'You have signed in at the identity provider, but this site is for people who were invited, and nothing was kept of you. Ask an owner or an admin of the team that you want to join to invite your e-mail address, or the operator of this site. The address must be the one that your identity provider tells us and calls verified; or open the link of the invitation first.',
  },
  provider_unreachable: {
    status: 503,
    title: 'The identity provider cannot be reached',
    detail:
      'It does not answer, or says that it cannot serve now. Nothing is wrong with your account. Try again in a minute.',
  },
  provider_misconfigured: {
    status: 503,
    title: 'Sign-in is not set up correctly',
    detail: 'This site and the identity provider do not agree about each other. Tell the operator; the log says more.',
  },
  simulator_in_production: {
    status: 503,
    title: 'Sign-in is not set up correctly',
    detail:
      'This is a production site, and its identity provider is a simulator that signs in whoever asks. Tell the operator.',
  },
} as const satisfies Record<RefusalReason, Explanation>;
