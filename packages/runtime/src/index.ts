// What a long-running Witan process needs and what no other package may bring in twice: time and chance as arguments,
// services that start and stop, one logger, one kind of metrics, the health endpoints, configuration and the local
// database. Importing it does nothing.

export { z } from 'zod'
// Configuration; `z` comes from here so that every package declares its options with the same zod.
export { type Configuration, type ConfigurationSources, loadConfiguration } from './config/load-configuration.js'
export { nearestName } from './config/nearest-name.js'
export { listSettings, type Setting } from './config/settings.js'
// The local database.
export type { Database, SqlParameters, SqlValue, Statement } from './database/database.js'
export { type DatabaseOptions, openDatabase } from './database/open-database.js'
export { openExistingDatabase } from './database/open-existing.js'
// Flow: trying again, keeping things at hand, not taking on too much.
export { forEachOf, mapOf } from './flow/for-each-of.js'
export { createLimiter, type Limiter, type LimiterOptions } from './flow/limiter.js'
export { type RetryModules, type RetryOptions, retry } from './flow/retry.js'
export { createShelf, type Shelf, type ShelfModules } from './flow/shelf.js'
export { unlessAborted } from './flow/unless-aborted.js'
// Lifecycle: parts of a process, composed, repeated, alone.
export { composeServices } from './lifecycle/compose-services.js'
export { createLoop, type Loop, type LoopModules, type LoopOptions } from './lifecycle/loop.js'
export { acquireLock, createLockService, type ProcessLock } from './lifecycle/process-lock.js'
export { createService, type Service, type ServiceSteps } from './lifecycle/service.js'
export { createMetrics, type MetricsOptions } from './observe/create-metrics.js'
export type { Health, HealthModules } from './observe/health-routes.js'
// What the outside sees of a process.
export { createHealthServer, type HealthServer, type HealthServerOptions } from './observe/health-server.js'
export { listenErrorOf } from './observe/listen-error.js'
export { createLogger, type Logger, type LogLevel, type LogOptions } from './observe/logger.js'
export type {
  Counter,
  Gauge,
  GaugeOptions,
  Histogram,
  HistogramOptions,
  MetricOptions,
  Metrics,
} from './observe/metrics.js'
export { createRecentErrors, type RecentError, type RecentErrors } from './observe/recent-errors.js'
export { isSecretName } from './observe/secret-names.js'
// Policies.
export { parsePolicy, policySchema } from './policy/parse-policy.js'
export { readPolicyFile } from './policy/read-policy-file.js'
export type { DrawingRandom, Random } from './random/random.js'
export { createSeededRandom } from './random/seeded-random.js'
export { systemRandom } from './random/system-random.js'
// Time and chance: the only places that touch the system's clock and entropy.
export type { Clock, Deadline } from './time/clock.js'
export { createManualClock, type ManualClock } from './time/manual-clock.js'
export { systemClock } from './time/system-clock.js'
