import type { Clock } from '@witan/runtime'

/** How an endpoint has done lately. */
export interface EndpointHealth {
  succeeded(latencyMs: number): void
  /** It did not answer, or not as JSON-RPC. `isSlow`: after the whole timeout. */
  failed(isSlow: boolean): void
  sawHead(block: number): void
  /** The newest block it told of. */
  head(): number | undefined
  /** Whether it rests after failures. */
  isResting(): boolean
  /** It rested long enough to be tried; true once for each rest. */
  takeTrial(): boolean
  restsUntilMs(): number
  /** What one more request to it is expected to cost, in milliseconds; lower is better. */
  cost(bestHead: number): number
}

/** Failures in a row before it rests; one that used up the timeout suffices. */
const FAILURES_BEFORE_REST = 3
const FIRST_REST_MS = 1_000
const LONGEST_REST_MS = 60_000
/** Weight of the newest observation in the running means. */
const NEWEST = 0.2
/** A failed request costs about a retry and its pause. */
const FAILURE_COST_MS = 1_000
/** Failures are forgotten by halves: who is not asked could not make them good otherwise. */
const FORGETTING_MS = 30_000
/** A block behind the best head; one is within the spread of honest endpoints. */
const LAG_COST_MS = 500
const TOLERATED_LAG_BLOCKS = 1
/** How much faster an endpoint must be than the one listed before it to be asked first. */
const PREFERENCE_MS = 100

export function createEndpointHealth(place: number, clock: Clock): EndpointHealth {
  let latencyMs = 0
  let failureShare = 0
  let failedAtMs = 0
  let failuresInRow = 0
  let rests = 0
  let restUntilMs = Number.NEGATIVE_INFINITY
  let isTried = true
  let head: number | undefined

  const isResting = () => rests > 0
  const failures = () => failureShare * 0.5 ** ((clock.monotonicMs() - failedAtMs) / FORGETTING_MS)

  return {
    succeeded(tookMs) {
      latencyMs += NEWEST * (tookMs - latencyMs)
      // Whoever answers the trial after a rest starts anew.
      failureShare = isResting() ? 0 : failureShare * (1 - NEWEST)
      failuresInRow = 0
      rests = 0
    },
    failed(isSlow) {
      failureShare = failures() + NEWEST * (1 - failures())
      failedAtMs = clock.monotonicMs()
      failuresInRow += isSlow ? FAILURES_BEFORE_REST : 1
      if (failuresInRow < FAILURES_BEFORE_REST) return
      restUntilMs = clock.monotonicMs() + Math.min(FIRST_REST_MS * 2 ** rests, LONGEST_REST_MS)
      rests++
      isTried = false
    },
    sawHead(block) {
      head = block
    },
    head: () => head,
    isResting,
    takeTrial() {
      if (!isResting() || isTried || clock.monotonicMs() < restUntilMs) return false
      isTried = true
      return true
    },
    restsUntilMs: () => restUntilMs,
    cost(bestHead) {
      const lag = head === undefined ? 0 : Math.max(0, bestHead - head - TOLERATED_LAG_BLOCKS)
      return latencyMs + FAILURE_COST_MS * failures() + LAG_COST_MS * lag + PREFERENCE_MS * place
    },
  }
}

/** In the order to ask them: rested first, those that have the block, the cheapest. */
export function rankByHealth<E extends { readonly health: EndpointHealth }>(
  endpoints: readonly E[],
  block: number | undefined,
): E[] {
  const bestHead = Math.max(0, ...endpoints.map(({ health }) => health.head() ?? 0))
  const keyOf = ({ health }: E): [number, number, number] => [
    health.isResting() ? 1 : 0,
    lackOf(health.head(), block),
    health.isResting() ? health.restsUntilMs() : health.cost(bestHead),
  ]
  return endpoints
    .map((endpoint) => ({ endpoint, key: keyOf(endpoint) }))
    .sort(({ key: a }, { key: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
    .map(({ endpoint }) => endpoint)
}

function lackOf(head: number | undefined, block: number | undefined): number {
  if (block === undefined) return 0
  if (head === undefined) return 1
  return head >= block ? 0 : 2
}
