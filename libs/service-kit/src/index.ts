export { PERIOD_MS, periodOf, type Admission } from './admission/admission.ts';
export { noLimits, type SpendingLimits } from './admission/limits-text.ts';
export { admissionSettings, type AdmissionKeys } from './admission/admission-keys.ts';
export { mintTicket, readStub, readTicket, type TicketFault } from './admission/ticket.ts';
export { admit } from './tls/admit.ts';
export { NobodyAnswered, NobodyListens } from './bus/inboxes.ts';
export { fileStamp } from './config/file-stamp.ts';
export { mintReceipt, readReceipt, type HoldReceipt } from './admission/hold-receipt.ts';
export { isWithheldSeal, sealWithheld } from './admission/withheld-seal.ts';
export { Answers, AnswersBatch } from './bus/answers.decorator.ts';
export { Bus, type BusUser } from './bus/bus.ts';
export { connectBus } from './bus/connect-bus.ts';
export { ByteBlocks } from './bytes/byte-blocks.ts';
export { joined, lengthOf, toSendable } from './bytes/slices.ts';
export { InFlight } from './bus/in-flight.ts';
export { NaturalBatcher, type Outcome } from './bus/natural-batcher.ts';
export {
  currentOperator,
  currentRequestId,
  withOperator,
  withRequestId,
  type Operator,
} from './logging/request-context.ts';
export {
  BaseConfigToken,
  baseConfig,
  configClass,
  port,
  type BaseConfig,
  type ConfigClass,
} from './config/base-config.ts';
export { ConfigError } from './config/config-error.ts';
export { findFaults, readConfig } from './config/read-config.ts';
export { missing, type Fault, type Given, type Rule } from './config/rules.ts';
export { secret, secretNames } from './config/secret.ts';
export { requireTrustedProxies, trustedProxies } from './config/trusted-proxies.ts';
export { RateLimiter, type RateLimit } from './limits/rate-limiter.ts';
export { RecentMap } from './limits/recent-map.ts';
export { SharedMemory, type Holder } from './limits/shared-memory.ts';
export { networkOf, networkRange, toClientAddress } from './http/client-address.ts';
export { EventConsumer } from './events/event.consumer.ts';
export { EventPublisher } from './events/event.publisher.ts';
export { ensureDurable, ensureEventStream } from './events/event-stream.ts';
export { FormerStream } from './events/former-stream.ts';
export { ReturnedMessages, type ReturnedMessage } from './events/returned-messages.ts';
export type { Delivered, Settlement, Unsettleable } from './events/settlement.ts';
export { UsagePublishers } from './events/usage-publishers.ts';
export { StreamWatch } from './events/stream-watch.ts';
export { findReceiptAnywhere, type FoundAnywhere } from './receipts/find-receipt-anywhere.ts';
export { unpack } from './receipts/unpack.ts';
export { Health, Unwell, type CheckResults } from './health/health.ts';
export { schemaReport, type WatchedSchema } from './schema/schema-report.ts';
export { ServiceLog } from './logging/service-log.ts';
export { toSafeError } from './logging/safe-error.ts';
export { InternalTls } from './tls/internal-tls.ts';
export { runService, startService, type ServiceDefinition } from './service/run-service.ts';
export { stopService } from './service/stop-service.ts';
export { asBuffer, ownMemory } from './workers/own-memory.ts';
export { usualLimits, WorkerPool, type PoolLimits } from './workers/worker-pool.ts';
export { workerScript, type WorkerScript } from './workers/worker-script.ts';
