import type { Address, Hex } from '@witan/protocol'
import type { Channel } from '../client/reads/read-payments.js'
import type { AuditEvent } from './audit-event.js'
import type { Moved } from './moved.js'

export interface ChannelsLedger {
  readonly channels: Map<Hex, Channel>
  /** How many each consumer has opened. */
  readonly openNonces: Map<Address, bigint>
}

export const createChannelsLedger = (): ChannelsLedger => ({ channels: new Map(), openNonces: new Map() })

/** Returns what the ledger has for what was settled or taken out, which the event's amount must equal. */
export function applyToChannels(ledger: ChannelsLedger, event: AuditEvent<'PaymentChannels'>): Moved | undefined {
  const { channels, openNonces } = ledger
  if (event.name === 'ChannelOpened') {
    const { channelId, consumer, nodeId, netuid, modelId, openNonce, assets: deposit } = event.args
    channels.set(channelId, { consumer, nodeId, netuid, modelId, deposit, paid: 0n, closesAt: 0 })
    const rebuilt = openNonces.get(consumer) ?? 0n
    openNonces.set(consumer, openNonce + 1n)
    return { rebuilt: [rebuilt], told: [openNonce] }
  }
  if (!('channelId' in event.args)) return undefined
  const { channelId } = event.args
  const channel = channels.get(channelId)
  if (channel === undefined) return undefined
  switch (event.name) {
    case 'ToppedUp': {
      const { assets, deposit } = event.args
      channels.set(channelId, { ...channel, deposit })
      return { rebuilt: [channel.deposit + assets], told: [deposit] }
    }
    case 'VoucherSettled': {
      const { assets, paid } = event.args
      channels.set(channelId, { ...channel, paid })
      return { rebuilt: [channel.paid + assets], told: [paid] }
    }
    case 'CloseRequested':
      channels.set(channelId, { ...channel, closesAt: event.args.closesAt })
      return undefined
    case 'ChannelClosed':
      channels.set(channelId, { ...channel, deposit: channel.paid })
      return { rebuilt: [channel.deposit - channel.paid], told: [event.args.assets] }
  }
}
