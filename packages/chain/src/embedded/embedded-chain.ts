import type { Address } from '@witan/protocol'
import { WitanError } from '@witan/protocol'
import { type Clock, createService, type Logger, type Service } from '@witan/runtime'
import { createRpc } from '../rpc/create-rpc.js'
import { type Rpc, toQuantity } from '../rpc/rpc.js'
import { type AnvilProcess, startAnvil } from './anvil-process.js'
import { type ChainState, chainStateAt } from './chain-state.js'

export interface EmbeddedChainOptions {
  /** Where the chain outlives the process; absent, it ends with it. */
  readonly stateFile?: string
  /** 0 or absent: the port of the state file's last run, else any free one. */
  readonly port?: number
  /** 1 when absent; 0 mines a block for every transaction at once. */
  readonly blockTimeSeconds?: number
  /** 31337 when absent. */
  readonly chainId?: number
  /** Balances of the chain's coin that a fresh chain begins with. */
  readonly accounts?: readonly { readonly address: Address; readonly amountWei: bigint }[]
  /** The chain ended without having been stopped. */
  readonly onFailure?: (error: WitanError) => void
}

export interface EmbeddedChainModules {
  readonly clock: Clock
  readonly logger: Logger
}

/** A local chain in a child process: anvil on 127.0.0.1. It ends with this process, however this process ends. */
export interface EmbeddedChain extends Service {
  /** Valid once started. */
  rpcUrl(): string
  /** Process id of the chain while it runs. */
  pid(): number | undefined
  /** Writes the state file now; without one, does nothing. */
  saveState(): Promise<void>
}

const DEFAULT_CHAIN_ID = 31_337
/** At most one second of blocks is lost by a kill, and saving takes at most a tenth of the time. */
const SAVE_INTERVAL_MS = 1_000
const SAVE_SHARE = 10

interface Running {
  readonly anvil: AnvilProcess
  readonly rpc: Rpc
  readonly saving: AbortController
  saved: Promise<void>
}

export function createEmbeddedChain(
  options: EmbeddedChainOptions,
  { clock, logger }: EmbeddedChainModules,
): EmbeddedChain {
  const state: ChainState | undefined = options.stateFile === undefined ? undefined : chainStateAt(options.stateFile)
  let running: Running | undefined

  const start = async (signal: AbortSignal) => {
    const loadState = state?.loadable()
    const port = options.port || ((await state?.rememberedPort()) ?? 0)
    const anvil = await startAnvil(
      {
        port,
        chainId: options.chainId ?? DEFAULT_CHAIN_ID,
        blockTimeSeconds: options.blockTimeSeconds ?? 1,
        loadState,
      },
      clock,
      signal,
    )
    const rpc = createRpc({ urls: [urlOf(anvil.port)] }, { clock })
    running = { anvil, rpc, saving: new AbortController(), saved: Promise.resolve() }
    try {
      if (loadState === undefined) await fund(rpc, options.accounts ?? [])
      else await catchUpTime(rpc, clock)
      await state?.rememberPort(anvil.port)
      await state?.save(rpc)
    } catch (error) {
      running = undefined
      await anvil.stop()
      throw error
    }
    running.saved = saveRegularly(running)
    reportEnd(running)
    logger.info({ pid: anvil.pid, port: anvil.port, resumed: loadState !== undefined }, 'embedded chain started')
  }

  const saveRegularly = async ({ rpc, saving: { signal } }: Running) => {
    let pauseMs = SAVE_INTERVAL_MS
    while (state !== undefined && !signal.aborted) {
      await clock.sleep(pauseMs, signal).catch(() => undefined)
      if (signal.aborted) return
      const startedMs = clock.monotonicMs()
      await state.save(rpc).catch((err: unknown) => {
        if (!signal.aborted) logger.warn({ err }, 'state of the embedded chain not saved')
      })
      pauseMs = Math.max(SAVE_INTERVAL_MS, SAVE_SHARE * (clock.monotonicMs() - startedMs))
    }
  }

  const reportEnd = ({ anvil, saving }: Running) => {
    void anvil.ended.then((how) => {
      if (saving.signal.aborted) return
      saving.abort()
      running = undefined
      const error = new WitanError('EMBEDDED_CHAIN_FAILED', 'The embedded chain ended by itself', {
        facts: { pid: anvil.pid, how },
      })
      logger.error({ err: error }, 'embedded chain ended')
      options.onFailure?.(error)
    })
  }

  const stop = async () => {
    if (running === undefined) return
    const { anvil, rpc, saving, saved } = running
    running = undefined
    saving.abort()
    await saved
    try {
      await state?.save(rpc)
    } finally {
      await anvil.stop()
    }
  }

  return {
    ...createService({ start, stop }),
    rpcUrl: () => urlOf(requireRunning(running).anvil.port),
    pid: () => running?.anvil.pid,
    saveState: async () => state?.save(requireRunning(running).rpc),
  }
}

async function fund(rpc: Rpc, accounts: NonNullable<EmbeddedChainOptions['accounts']>): Promise<void> {
  const set = accounts.map(({ address, amountWei }) =>
    rpc.request('anvil_setBalance', [address, toQuantity(amountWei)]),
  )
  await Promise.all(set)
}

/** anvil goes on from the wall clock: where a chain ran ahead of it, time would step back and every epoch with it. */
async function catchUpTime(rpc: Rpc, clock: Clock): Promise<void> {
  const block = await rpc.request<{ timestamp: string }>('eth_getBlockByNumber', ['latest', false])
  const aheadSeconds = Number(block.timestamp) - Math.floor(clock.nowMs() / 1000)
  if (aheadSeconds > 0) await rpc.request('evm_increaseTime', [toQuantity(aheadSeconds + 1)])
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`
}

function requireRunning(running: Running | undefined): Running {
  if (running === undefined) throw new Error('the embedded chain is not running')
  return running
}
