import { type Address, createDomain, type Domain, type Hex } from '@witan/protocol'
import type { Output, ReadOptions } from '../../abi/contract.js'
import { type Abis, eventTopic } from '../../abi/events.js'
import { queryEventPages } from '../../events/query-events.js'
import type { Contracts } from '../../network/contracts.js'
import type { NetworkFile } from '../../network/network-file.js'
import type { Rpc } from '../../rpc/rpc.js'
import type { RevenueKey } from '../intents/payment-intents.js'

/** A payment channel; the fields are those of `IPaymentChannels.Channel`, amounts in wei. */
export type Channel = Output<Abis['PaymentChannels'], 'channelOf'>
/** Basis points by which a subnet's revenue is split. */
export type SplitTable = Output<Abis['RevenueSplitter'], 'tableOf'>

export interface NumberedChannel extends Channel {
  readonly channelId: Hex
}

export type PaymentReads = ReturnType<typeof readPayments>

export function readPayments({ channels, splitter }: Contracts, rpc: Rpc, network: NetworkFile) {
  const numbered = async (channelId: Hex, options?: ReadOptions): Promise<NumberedChannel> => ({
    channelId,
    ...(await channels.read('channelOf', [channelId], options)),
  })
  return {
    /** Under which consumers sign vouchers. */
    domain: (): Domain => createDomain({ chainId: network.chainId, verifyingContract: channels.address }),

    /** Throws `CHANNEL_UNKNOWN`. */
    channel: numbered,

    /** Channels of a consumer, closed ones too, in the order in which they were opened. */
    async channelsOf(consumer: Address, options: Pick<ReadOptions, 'signal'> = {}): Promise<NumberedChannel[]> {
      const latest = Number(await rpc.request<string>('eth_blockNumber', [], options))
      const filter = {
        contracts: new Map([[channels.address, 'PaymentChannels' as const]]),
        topics: [eventTopic('PaymentChannels', 'ChannelOpened'), null, addressTopic(consumer)],
      }
      const ids: Hex[] = []
      for await (const events of queryEventPages(rpc, filter, network.deployedAtBlock, latest, options)) {
        for (const event of events) if (event.name === 'ChannelOpened') ids.push(event.args.channelId)
      }
      return Promise.all(ids.map((id) => numbered(id, options)))
    },

    /** Channels that the account has opened. */
    openNonce: (consumer: Address, options?: ReadOptions): Promise<bigint> =>
      channels.read('openNonces', [consumer], options),

    /** Seconds between the request to close and the withdrawal. */
    graceSeconds: (options?: ReadOptions): Promise<number> => channels.read('grace', [], options),

    /** Wei that wait to be distributed. */
    pendingRevenue: ({ netuid, nodeId, modelId }: RevenueKey, options?: ReadOptions): Promise<bigint> =>
      splitter.read('pendingOf', [netuid, nodeId, modelId], options),

    /** Wei of revenue that the account can withdraw. */
    owedTo: (account: Address, options?: ReadOptions): Promise<bigint> => splitter.read('owedTo', [account], options),

    /** Wei that wait for the validators of a subnet. */
    async potOf(netuid: number, options?: ReadOptions): Promise<bigint> {
      const [assets] = await splitter.read('potOf', [netuid], options)
      return assets
    },

    splitTable: (netuid: number, options?: ReadOptions): Promise<SplitTable> =>
      splitter.read('tableOf', [netuid], options),
  }
}

const addressTopic = (address: Address): Hex => `0x${address.slice(2).padStart(64, '0')}`
