import type { ChainClient } from '@witan/chain'
import { type Address, WitanError } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'
import { sendAs } from '../local-network/build-network.js'
import type { LocalNetwork } from '../local-network/local-network.js'
import type { SendValues } from '../settings/sending.js'
import type { ClaimBook } from './claim-book.js'
import type { Decision } from './decide.js'

/** Where a scenario plays: a network, its people, and what was seen so far. */
export interface Stage<Id extends string = string> {
  readonly network: LocalNetwork
  readonly client: ChainClient
  /** Of the commands that the people run; prints nothing. */
  readonly context: CommandContext
  readonly book: ClaimBook<Id>
  readonly decisions: Decision[]
  /** Who votes on every proposal. */
  readonly voters: readonly string[]
  addressOf(actor: string): Address
  /** What every command that sends takes, as one of the people. */
  as(actor: string): SendValues & { readonly home: string; readonly network: string }
  /** A path in the scenario's part of the network's folder. */
  path(...parts: string[]): string
  /** Tells whoever watches. */
  tell(line: string): void
  /** Waits until `check` gives something. Throws `SCENARIO_STALLED` after so many seconds. */
  until<T>(what: string, seconds: number, check: () => Promise<T | undefined | false>): Promise<T>
  /** Waits for a block of this time, unix seconds. */
  untilChainTime(time: number): Promise<void>
}

export interface StageModules<Id extends string> {
  readonly network: LocalNetwork
  readonly context: CommandContext
  readonly book: ClaimBook<Id>
  readonly voters: readonly string[]
  tell(line: string): void
}

const LOOK_EVERY_MS = 250
/** A block comes every second; a busy machine is late. */
const SLACK_SECONDS = 60

export function createStage<Id extends string>(modules: StageModules<Id>): Stage<Id> {
  const { network, context, book, voters, tell } = modules
  const { clock, signal } = context

  const until: Stage['until'] = async (what, seconds, check) => {
    const endMs = clock.monotonicMs() + seconds * 1000
    for (;;) {
      const found = await check()
      if (found !== undefined && found !== false) return found
      if (clock.monotonicMs() > endMs) {
        throw new WitanError('SCENARIO_STALLED', 'Something that the scenario waits for does not happen', {
          facts: { waitingFor: what, seconds },
        })
      }
      await Promise.race([clock.sleep(LOOK_EVERY_MS, signal), network.failed])
    }
  }

  return {
    network,
    client: network.client,
    context,
    book,
    decisions: [],
    voters,
    addressOf: network.addressOf.bind(network),
    as: (actor) => sendAs(network.files, actor),
    path: network.files.scenario,
    tell,
    until,
    async untilChainTime(time) {
      const { timestamp } = await network.client.latestBlock()
      const seconds = Math.max(0, time - timestamp) + SLACK_SECONDS
      await until(
        `the chain's time ${time}`,
        seconds,
        async () => (await network.client.latestBlock()).timestamp >= time,
      )
    },
  }
}
