import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type ChainClient, openChain, readNetworkFile } from '@witan/chain'
import { type Address, WitanError } from '@witan/protocol'
import { acquireLock, type Logger, type ProcessLock } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'
import { formatTokens } from '../output/numbers.js'
import { createKeys, createSubnet, deployContracts, joinSubnet, type LocalKeys, readKeys } from './build-network.js'
import { type DaemonProcess, startDaemon } from './daemon-process.js'
import { isOwnEntry, type Layout, layout } from './layout.js'
import { COINS_EACH, keysOf, type LocalNode, type LocalPlan } from './local-plan.js'
import { createObserver, type Observer } from './observer.js'

export interface LocalNetworkOptions {
  readonly plan: LocalPlan
  readonly home: string
  /** Go on with the network that is there, instead of a fresh one. */
  readonly resume: boolean
}

export interface LocalNetworkModules {
  readonly context: CommandContext
  readonly logger: Logger
  /** Told what happens while the network is built. */
  progress(line: string): void
}

export interface LocalNetwork {
  readonly observer: Observer
  readonly client: ChainClient
  readonly files: Layout
  readonly roster: readonly LocalNode[]
  /** Of a key of the plan. */
  addressOf(key: string): Address
  /** Names and process ids of what runs now. */
  processes(): { name: string; pid: number }[]
  /** Rejects when a part that nothing can replace has ended. */
  readonly failed: Promise<never>
  stop(): Promise<void>
}

/** A local network that is built step by step, in this order; `client` is there after the first, `observer` after the second. */
export interface LocalNetworkInSteps extends LocalNetwork {
  /** Keys, the chain and, unless it goes on, the contracts. */
  startChain(): Promise<void>
  /** The subnet, unless it goes on, and who watches it. */
  startSubnet(): Promise<void>
  /** The nodes, registered and staked, as processes. */
  startNodes(): Promise<void>
}

/** Loading models on two busy cores takes ten seconds; ten times that is broken. */
const READY_MS = 120_000
const STOP_MS = 15_000
/** A node that dies is started again, as a supervisor would. */
const RESTART_DELAY_MS = 1_000
const MAX_RESTARTS = 5

/** Builds the network from commands and starts its processes; what was started is stopped when a step fails. */
export async function startLocalNetwork(
  options: LocalNetworkOptions,
  modules: LocalNetworkModules,
): Promise<LocalNetwork> {
  const network = openLocalNetwork(options, modules)
  try {
    await network.startChain()
    await network.startSubnet()
    await network.startNodes()
    return network
  } catch (error) {
    await network.stop()
    throw error
  }
}

/** Takes the folder; nothing runs yet. Whoever opened it stops it. */
export function openLocalNetwork(options: LocalNetworkOptions, modules: LocalNetworkModules): LocalNetworkInSteps {
  return new RunningNetwork(options, openHome(options), modules)
}

function openHome({ home, resume }: LocalNetworkOptions): ProcessLock {
  const files = layout(home)
  if (resume && !existsSync(files.networkFile)) {
    throw new WitanError('LOCAL_NETWORK_MISSING', 'There is no local network in the folder', { facts: { home } })
  }
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const lock = acquireLock(files.lock)
  if (resume) return lock
  // Only what a local network makes: the folder may hold other things.
  for (const entry of readdirSync(home)) {
    if (isOwnEntry(entry)) rmSync(join(home, entry), { recursive: true, force: true })
  }
  return lock
}

class RunningNetwork implements LocalNetworkInSteps {
  readonly failed: Promise<never>
  readonly files: Layout
  readonly #plan: LocalPlan
  readonly #resume: boolean
  readonly #lock: ProcessLock
  readonly #modules: LocalNetworkModules
  readonly #quiet: CommandContext
  readonly #daemons = new Map<string, DaemonProcess>()
  readonly #fail: (error: unknown) => void
  #chain: DaemonProcess | undefined
  #client: ChainClient | undefined
  #observer: Observer | undefined
  #keys: LocalKeys = {}
  #stopping = false

  constructor({ plan, home, resume }: LocalNetworkOptions, lock: ProcessLock, modules: LocalNetworkModules) {
    this.files = layout(home)
    this.#plan = plan
    this.#resume = resume
    this.#lock = lock
    this.#modules = modules
    this.#quiet = silent(modules.context)
    const { promise, reject } = Promise.withResolvers<never>()
    promise.catch(() => undefined)
    this.failed = promise
    this.#fail = reject
  }

  get observer(): Observer {
    return this.#observer!
  }

  get client(): ChainClient {
    return this.#client!
  }

  get roster(): readonly LocalNode[] {
    return this.#plan.roster
  }

  addressOf(key: string): Address {
    return this.#keys[key]!.address
  }

  async startChain(): Promise<void> {
    const { progress } = this.#modules
    this.#keys = this.#resume ? readKeys(this.#plan, this.files) : await createKeys(this.#plan, this.files, this.#quiet)
    progress(`${keysOf(this.#plan).length} keys`)
    const rpcUrl = await this.#spawnChain()
    progress(`chain at ${rpcUrl}`)
    if (!this.#resume) {
      await deployContracts({ plan: this.#plan, files: this.files, keys: this.#keys, rpcUrl }, this.#quiet)
      progress('contracts deployed')
    }
    const { clock, signal } = this.#modules.context
    signal.throwIfAborted()
    this.#client = await openChain(readNetworkFile(this.files.networkFile), { clock, signal })
  }

  async startSubnet(): Promise<void> {
    const { progress, context } = this.#modules
    if (!this.#resume) {
      await createSubnet(this.#plan, this.files, this.#quiet)
      progress('subnet created')
    }
    context.signal.throwIfAborted()
    await this.#startObserver()
  }

  async startNodes(): Promise<void> {
    const { progress, context } = this.#modules
    await Promise.all(
      this.#plan.roster.map(async (node) => {
        if (!this.#resume) await joinSubnet(node, this.files, this.#keys, this.#quiet)
        context.signal.throwIfAborted()
        await this.#startNode(node)
        progress(`${node.name} (${node.behaviour}) ready`)
      }),
    )
  }

  processes(): { name: string; pid: number }[] {
    const chain = this.#chain === undefined ? [] : [this.#chain]
    return [...chain, ...this.#daemons.values()].map(({ name, pid }) => ({ name, pid }))
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#observer?.stop()
    await Promise.all([...this.#daemons.values()].map((daemon) => daemon.stop()))
    await this.#chain?.stop()
    this.#lock.release()
  }

  async #spawnChain(): Promise<string> {
    const coins = formatTokens(COINS_EACH)
    const funding = this.#resume
      ? []
      : keysOf(this.#plan).flatMap((key) => ['--fund', `${this.#keys[key]!.address}=${coins}`])
    this.#chain = await this.#spawn('chain', ['chain', 'start', '--state', this.files.chainState, ...funding])
    const { ended, name } = this.#chain
    void ended.then((how) => {
      if (this.#stopping) return
      const facts = { how, log: this.files.log(name) }
      this.#fail(new WitanError('LOCAL_NETWORK_FAILED', 'The chain ended by itself', { facts }))
    })
    return String(this.#chain.facts.rpcUrl)
  }

  async #startObserver(): Promise<void> {
    const { context, logger } = this.#modules
    const nodes = new Map(this.#plan.roster.map((node) => [this.#keys[node.name]!.address as string, node]))
    this.#observer = createObserver({
      client: this.client,
      nodes,
      statusUrls: () => this.#statusUrls(),
      clock: context.clock,
      logger,
    })
    await this.#observer.start()
  }

  #statusUrls(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#daemons.values()].map(({ name, facts }) => [
        this.#keys[name]!.address,
        `http://127.0.0.1:${facts.health}/status`,
      ]),
    )
  }

  async #startNode(node: LocalNode, restarts = 0): Promise<void> {
    const daemon = await this.#spawn(node.name, [node.role, 'start', '--config', this.files.config(node.name)])
    this.#daemons.set(node.name, daemon)
    void daemon.ended.then((how) => this.#onNodeEnd(node, how, restarts))
  }

  async #onNodeEnd(node: LocalNode, how: string, restarts: number): Promise<void> {
    this.#daemons.delete(node.name)
    if (this.#stopping) return
    const { context, progress } = this.#modules
    const facts = { node: node.name, how, log: this.files.log(node.name) }
    this.observer.note(new WitanError('LOCAL_NETWORK_FAILED', `${node.name} ended by itself (${how})`, { facts }))
    progress(`${node.name} ended (${how})`)
    if (restarts === MAX_RESTARTS) return
    try {
      await context.clock.sleep(RESTART_DELAY_MS, context.signal)
      if (this.#stopping) return
      await this.#startNode(node, restarts + 1)
      progress(`${node.name} started again`)
    } catch (error) {
      if (!this.#stopping && !context.signal.aborted) this.observer.note(error)
    }
  }

  #spawn(name: string, args: readonly string[]): Promise<DaemonProcess> {
    const { clock, env, directory } = this.#modules.context
    const options = { name, args, logFile: this.files.log(name), directory, readyMs: READY_MS, stopMs: STOP_MS }
    return startDaemon(options, { clock, env })
  }
}

/** The same context for commands whose results this process uses itself. */
function silent(context: CommandContext): CommandContext {
  const { terminal } = context
  return { ...context, terminal: { ...terminal, interactive: false, out: () => undefined, note: () => undefined } }
}
