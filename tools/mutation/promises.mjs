/**
 * Specs of one project that must notice a mistake: a pattern of their paths.
 * @typedef {{ project: string, specs: string }} Tests
 */

const at = (project, specs) => ({ project, specs });

/**
 * What we promise, where it is kept, and what must notice when it no longer is: quick tests first, real parts after them.
 * @type {readonly { promise: string, files: readonly string[], tests: readonly Tests[] }[]}
 */
export const promises = [
  {
    promise: 'a revoked key is cut at every gateway',
    files: [
      'apps/gateway/src/running/key-watch.ts',
      'apps/gateway/src/running/recent-changes.ts',
      'apps/gateway/src/running/running-requests.ts',
    ],
    tests: [at('apps/gateway', 'src/running/.*(?<!\\.int)\\.spec'), at('apps/gateway', 'src/running/')],
  },
  {
    promise: 'a revocation is true when it has returned',
    files: ['apps/key-registry/src/keys/revocation.service.ts', 'apps/key-registry/src/keys/verdicts.service.ts'],
    tests: [
      at('apps/key-registry', 'src/(keys/(revocation\\.service|verdicts|key-upkeep)|grants)'),
      at('apps/key-registry', 'src/keys/(revocation\\.int|rotation|keys\\.database)'),
    ],
  },
  {
    promise: 'keys are guessed at a bounded rate',
    files: ['apps/gateway/src/authentication/guessing-brake.ts', 'apps/gateway/src/authentication/failure-bucket.ts'],
    tests: [at('apps/gateway', 'src/authentication/failure-bucket'), at('apps/gateway', 'src/authentication/callers')],
  },
  {
    promise: 'a key is used from its networks only',
    files: ['apps/gateway/src/authentication/address-ranges.ts', 'libs/service-kit/src/http/client-address.ts'],
    tests: [at('apps/gateway', 'src/authentication/address-ranges'), at('libs/service-kit', 'src/http/')],
  },
  {
    promise: 'bodies are bounded before they are read',
    files: ['apps/gateway/src/edge/body-memory.ts', 'apps/gateway/src/edge/body-collector.ts'],
    tests: [at('apps/gateway', 'src/edge/body')],
  },
  {
    promise: 'a key has bounded requests and streams',
    files: ['apps/gateway/src/authentication/key-tally.ts', 'apps/gateway/src/inference/stream-slots.ts'],
    tests: [
      at('apps/gateway', 'src/(authentication/key-tally|inference/stream-slots)'),
      at('apps/gateway', 'src/edge/shares'),
    ],
  },
  {
    promise: 'parsers agree about what decides',
    files: ['libs/dialects/src/json/json-scan.ts', 'libs/dialects/src/json/json-members.ts'],
    tests: [at('libs/dialects', 'src/json/')],
  },
  {
    promise: 'edits change what they name and nothing else',
    files: [
      'libs/dialects/src/json/splice.ts',
      'libs/dialects/src/json/removals.ts',
      'libs/dialects/src/sse/event-splitter.ts',
    ],
    tests: [at('libs/dialects', 'src/(json|sse)/')],
  },
  {
    promise: 'names near what decides are refused',
    files: ['libs/dialects/src/reading/near-names.ts', 'libs/dialects/src/reading/sift.ts'],
    tests: [at('libs/dialects', 'src/(reading|parse-request)')],
  },
  {
    promise: 'usage counts once, by the highest word',
    files: ['libs/contracts/src/usage.ts', 'apps/usage-metering/src/usage/fold-words.ts'],
    tests: [
      at('libs/contracts', 'src/usage'),
      at('apps/usage-metering', 'src/usage/fold-words'),
      at('apps/usage-metering', 'src/usage/(settling|usage\\.(repository|consumer))'),
    ],
  },
  {
    promise: 'figures are believed whole or not at all',
    files: ['apps/inference-router/src/usage/usage-count.ts', 'apps/inference-router/src/usage/usage-bounds.ts'],
    tests: [
      at('apps/inference-router', 'src/usage/'),
      at('apps/inference-router', 'src/(answers/(bare-upstream|liberal-reading)|dispatch/(dispatch|bounds))'),
    ],
  },
  {
    promise: 'prices are exact',
    files: ['libs/pricing/src/cost.ts', 'libs/pricing/src/price.ts'],
    tests: [at('libs/pricing', 'src/')],
  },
  {
    promise: 'what is not recorded is not released',
    files: ['apps/inference-router/src/answers/stream-writer.ts', 'apps/inference-router/src/usage/usage-recorder.ts'],
    tests: [
      at('apps/inference-router', 'src/answers/(unstored-usage|bare-upstream)'),
      at('apps/inference-router', 'src/(answers/(liberal-reading|early-headers)|dispatch/dispatch)'),
    ],
  },
  {
    promise: 'nothing is retried after the first byte',
    files: ['apps/inference-router/src/dispatch/attempts.ts', 'apps/inference-router/src/providers/circuit.ts'],
    tests: [
      at('apps/inference-router', 'src/providers/circuit'),
      at('apps/inference-router', 'src/dispatch/attempts'),
      at('apps/inference-router', 'src/dispatch/(dispatch|timeouts)'),
    ],
  },
  {
    promise: 'nothing leaves for an unverified enclave',
    files: ['apps/inference-router/src/attestation/attestation.gate.ts'],
    tests: [
      at('apps/inference-router', 'src/attestation/attestation\\.gate\\.spec'),
      at('apps/inference-router', 'src/attestation/'),
    ],
  },
  {
    promise: 'named work runs once',
    files: ['apps/usage-metering/src/idempotency/idempotency.repository.ts'],
    tests: [at('apps/usage-metering', 'src/idempotency/')],
  },
  {
    promise: 'roles may what the table says',
    files: ['libs/console-api/src/permissions.ts'],
    tests: [at('apps/auth', 'src/permissions/permission-table')],
  },
  {
    promise: 'an address is the caller’s own',
    files: ['libs/service-kit/src/config/trusted-proxies.ts'],
    tests: [at('libs/service-kit', 'src/config/trusted-proxies')],
  },
  {
    promise: 'strangers are bounded and leave no entries',
    files: [
      'apps/auth/src/permissions/network-limit.guard.ts',
      'apps/auth/src/permissions/forgeries.ts',
      'apps/auth/src/sign-in/sign-in-refusal.filter.ts',
    ],
    tests: [at('apps/auth', 'src/permissions/strangers'), at('apps/auth', 'src/sign-in/sign-up')],
  },
  {
    promise: 'who is not invited stays outside',
    files: ['apps/auth/src/sign-in/sign-up.ts', 'apps/auth/src/sign-in/domain.ts'],
    tests: [at('apps/auth', 'src/(sign-in/sign-up|config\\.spec)')],
  },
  {
    promise: 'mail and teams are bounded for a person and for all',
    files: ['apps/auth/src/permissions/daily-limits.ts', 'apps/auth/src/invitations/inviting-license.ts'],
    tests: [at('apps/auth', 'src/permissions/daily-limits')],
  },
  {
    promise: 'owners hear of the end of a key',
    files: ['apps/auth/src/mail/owner-notices.ts'],
    tests: [at('apps/auth', 'src/mail/owner-notices')],
  },
  {
    promise: 'a sign-in is one browser’s, once, by the provider’s own word',
    files: [
      'apps/auth/src/sign-in/sign-in-strategy.client.ts',
      'apps/auth/src/sign-in/pending-sign-ins.repository.ts',
      'apps/auth/src/sign-in/answer-checks.ts',
    ],
    tests: [at('apps/auth', 'src/sign-in/.*(?<!\\.int)\\.spec'), at('apps/auth', 'src/sign-in/')],
  },
  {
    promise: 'no other site acts for a person',
    files: ['apps/auth/src/console/cross-site.guard.ts', 'apps/auth/src/sessions/step-up.guard.ts'],
    tests: [at('apps/auth', 'src/(sessions/step-up|pages/|permissions/permission)')],
  },
  {
    promise: 'loosening a key needs a recent sign-in',
    files: ['apps/auth/src/keys/loosening.ts'],
    tests: [at('apps/auth', 'src/keys/loosening')],
  },
  {
    promise: 'a leak report is the scanner’s own',
    files: ['apps/auth/src/leaks/report-signature.ts'],
    tests: [at('apps/auth', 'src/leaks/')],
  },
  {
    promise: 'errors keep no foreign words',
    files: ['libs/service-kit/src/logging/safe-error.ts'],
    tests: [at('libs/service-kit', 'src/logging/')],
  },
  {
    promise: 'a ticket says whose request it is, and nobody else can',
    files: ['libs/service-kit/src/admission/ticket.ts', 'apps/inference-router/src/admission/admission-clock.ts'],
    tests: [at('libs/service-kit', 'src/admission/'), at('apps/inference-router', 'src/admission/')],
  },
  {
    promise: 'usage is settled for whom its ticket proves',
    files: ['apps/usage-metering/src/usage/prove-word.ts', 'apps/usage-metering/src/usage/word-proof.ts'],
    tests: [at('apps/usage-metering', 'src/prices/price-book'), at('apps/usage-metering', 'src/usage/')],
  },
  {
    promise: 'published usage is kept until it is settled',
    files: ['libs/service-kit/src/events/unsettled-messages.ts', 'libs/service-kit/src/events/settling-queue.ts'],
    tests: [
      at('libs/service-kit', 'src/events/(unsettled-messages|settling-queue)'),
      at('libs/service-kit', 'src/events/events'),
    ],
  },
  {
    promise: 'a service may do on the bus what contracts name it for',
    files: ['libs/contracts/src/permissions.ts'],
    tests: [at('libs/contracts', 'src/'), at('libs/testing', 'src/')],
  },
  {
    promise: 'an audit log that was changed is found out',
    files: ['apps/auth/src/audit/audit-chain.ts'],
    tests: [at('apps/auth', 'src/audit/')],
  },
  {
    promise: 'strangers are limited by network',
    files: ['libs/service-kit/src/limits/rate-limiter.ts', 'apps/gateway/src/authentication/token-bucket.ts'],
    tests: [at('libs/service-kit', 'src/limits/'), at('apps/gateway', 'src/authentication/token-bucket')],
  },
  {
    promise: 'the channel carries what is agreed, and ends on anything else',
    files: [
      'libs/channel/src/frames/frame-reader.ts',
      'libs/channel/src/link/credit.ts',
      'libs/channel/src/link/pieces.ts',
    ],
    tests: [at('libs/channel', 'src/')],
  },
  {
    promise: 'a chunk that is not parsed says what the parser would say',
    files: ['apps/inference-router/src/answers/chunk-pattern.ts'],
    tests: [at('apps/inference-router', 'src/answers/chunk-pattern')],
  },
];
