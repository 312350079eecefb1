import {
  type AddressRecord,
  bytesToHex,
  type Domain,
  type Hex,
  recordDigest,
  type SignedRecord,
  type Signer,
  signRecord,
} from '@witan/protocol'
import { type Clock, createLoop, type Logger, type Service } from '@witan/runtime'

export interface RecordKeeperOptions {
  readonly domain: Domain
  /** How long an announced record is valid; 7 days when absent. */
  readonly lifetimeMs?: number
  /** First pause between pushes while some bootstrap peer has not taken the record; doubles each time. 2 s when absent. */
  readonly eagerMs?: number
  /** Longest pause, and the one once all have it. 30 s when absent. */
  readonly calmMs?: number
}

/** What stands on chain for an operator. */
export interface AnnouncedRecord {
  readonly digest: Hex
  readonly seq: number
  /** Unix seconds. */
  readonly expiry: number
}

export interface RecordKeeperModules {
  readonly signer: Signer
  /** Where this node can be reached now. */
  multiaddrs(): readonly string[]
  /** The last announcement, expired or not. */
  announced(): Promise<AnnouncedRecord | undefined>
  /** Brings the digest on chain. */
  announce(record: SignedRecord, digest: Hex): Promise<unknown>
  /** Hands the record to the bootstrap peers. */
  publish(record: SignedRecord, signal: AbortSignal): Promise<{ accepted: number; asked: number }>
  onError(error: unknown): void
  readonly clock: Clock
  readonly logger: Logger
}

/** Keeps this node findable. */
export interface RecordKeeper extends Service {
  /** The record in force, once it stands on chain. */
  current(): SignedRecord | undefined
}

const DAY_MS = 86_400_000
const DEFAULT_LIFETIME_MS = 7 * DAY_MS
const DEFAULT_EAGER_MS = 2_000
const DEFAULT_CALM_MS = 30_000
/** A record is renewed when this part of its life is left: time enough to notice a chain that refuses the renewal. */
const RENEW_AT_PART_LEFT = 0.25

/**
 * Announces the node's addresses on chain when they changed or the announcement runs out, and pushes the signed record to
 * the bootstrap peers again and again. The record need not be stored: signed again with the sequence number and expiry
 * on chain it is the same record.
 */
export function createRecordKeeper(options: RecordKeeperOptions, modules: RecordKeeperModules): RecordKeeper {
  const { domain, lifetimeMs = DEFAULT_LIFETIME_MS, eagerMs = DEFAULT_EAGER_MS, calmMs = DEFAULT_CALM_MS } = options
  const { signer, multiaddrs, announced, announce, publish, onError, clock, logger } = modules
  let current: SignedRecord | undefined
  let pauseMs = eagerMs / 2
  let nextAtMs = Number.NEGATIVE_INFINITY

  const ensureAnnounced = async (): Promise<SignedRecord> => {
    const standing = await announced()
    const addresses = multiaddrs()
    if (standing !== undefined && isLive(standing)) {
      const same = { multiaddrs: addresses, seq: standing.seq, expiry: standing.expiry }
      if (digestOf(same) === standing.digest) return signRecord(same, signer, domain)
    }
    const expiry = Math.floor((clock.nowMs() + lifetimeMs) / 1000)
    const next = signRecord({ multiaddrs: addresses, seq: (standing?.seq ?? 0) + 1, expiry }, signer, domain)
    await announce(next, digestOf(next))
    pauseMs = eagerMs / 2
    logger.info({ seq: next.seq, multiaddrs: addresses }, 'address record announced')
    return next
  }

  const isLive = ({ expiry }: AnnouncedRecord) => expiry * 1000 - clock.nowMs() > lifetimeMs * RENEW_AT_PART_LEFT

  const round = async (signal: AbortSignal) => {
    if (clock.monotonicMs() < nextAtMs) return
    current = await ensureAnnounced()
    pauseMs = Math.min(calmMs, pauseMs * 2)
    nextAtMs = clock.monotonicMs() + pauseMs
    const { accepted, asked } = await publish(current, signal)
    // They forget it when they restart, so all is well for a while only.
    if (accepted === asked) nextAtMs = clock.monotonicMs() + calmMs
  }

  const { start, stop } = createLoop(
    { name: 'record keeper', intervalMs: eagerMs, run: round, onError },
    { clock, logger },
  )
  return { start, stop, current: () => current }
}

function digestOf(record: AddressRecord): Hex {
  return bytesToHex(recordDigest(record))
}
