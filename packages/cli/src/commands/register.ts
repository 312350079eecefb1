import type { ChainClient } from '@witan/chain'
import { openKeystore } from '@witan/chain'
import { type Address, createDomain, type Hex, signOperatorConsent } from '@witan/protocol'
import { defineCommand } from '../command/command.js'
import type { CommandContext } from '../command/context.js'
import { option, usageError } from '../command/option.js'
import { asAddress, asAmount, asText } from '../command/parse.js'
import { formatTokens } from '../output/numbers.js'
import { netuidOption, openNetwork } from '../settings/connection.js'
import { homeFolder } from '../settings/home.js'
import { keystorePath, readPassword } from '../settings/keys.js'
import { readJsonFile } from '../settings/read-input.js'
import { renderSent, type SendValues, senderAddress, sendIntents, sendOptions } from '../settings/sending.js'

const MAX_CONSENT_BYTES = 4_096
/** A consent signed here is used at once. */
const CONSENT_SECONDS = 3_600

interface Consent {
  readonly operator: Address
  readonly deadline: number
  readonly consent: Hex
}

export const register = defineCommand({
  path: ['register'],
  summary: 'Register an operator key in a subnet; the price is burned',
  options: {
    ...sendOptions,
    netuid: netuidOption,
    operatorKey: option.optional('--operator-key <name>', "the operator's keystore, to sign its consent here", asText),
    operatorPasswordFile: option.optional(
      '--operator-password-file <file>',
      "password of the operator's keystore (default: as for --key)",
      asText,
    ),
    consent: option.optional('--consent <file>', 'a consent made elsewhere with `key consent --json`', asText),
    maxPrice: option.required('--max-price <tokens>', 'the most that may be burned', asAmount),
  },
  examples: [
    'register --netuid 1 --key owner --operator-key operator --max-price 0.5',
    'register --netuid 1 --key owner --consent consent.json --max-price 0.5 --dry-run',
  ],
  async run({ netuid, operatorKey, operatorPasswordFile, consent, maxPrice, ...values }, context) {
    const client = await openNetwork(values, context)
    const owner = await senderAddress(values, context)
    const agreed = await consentOf({ operatorKey, operatorPasswordFile, consent }, { client, owner, values, context })
    const [price, lastPay] = await Promise.all([client.subnets.registrationPrice(netuid), client.lastPay(netuid)])
    const intents = [
      ...(await client.approvals({ owner, spender: 'subnets', amountWei: maxPrice })),
      client.intents.register({ netuid, ...agreed, maxPrice, lastPay }),
    ]
    const sent = await sendIntents(client, intents, values, context)
    const event = sent.calls.flatMap(({ events }) => events).find(({ name }) => name === 'NeuronRegistered')
    const registered = event?.name === 'NeuronRegistered' ? event.args : undefined
    return {
      netuid,
      operator: agreed.operator,
      uid: registered?.uid,
      nodeId: registered?.nodeId,
      price: registered?.price ?? price,
      ...sent,
    }
  },
  render({ netuid, operator, uid, nodeId, price, ...sent }) {
    const slot = uid === undefined ? 'in' : `${sent.dryRun ? 'would be' : 'is'} uid ${uid}, node ${nodeId}, of`
    return `${renderSent(sent)}\n${operator} ${slot} subnet ${netuid}; price ${formatTokens(price, 6)} tokens`
  },
})

interface ConsentSource {
  readonly operatorKey: string | undefined
  readonly operatorPasswordFile: string | undefined
  readonly consent: string | undefined
}

interface ConsentSetting {
  readonly client: ChainClient
  readonly owner: Address
  readonly values: SendValues
  readonly context: CommandContext
}

async function consentOf(source: ConsentSource, { client, owner, values, context }: ConsentSetting): Promise<Consent> {
  const { operatorKey, operatorPasswordFile, consent } = source
  if ((operatorKey === undefined) === (consent === undefined)) {
    throw usageError('Give either --operator-key or --consent')
  }
  if (consent !== undefined) return parseConsent(readJsonFile(consent, MAX_CONSENT_BYTES, context), consent)
  const home = homeFolder(values.home, context)
  const password = readPassword(operatorPasswordFile ?? values.passwordFile, home, context)
  const { signer } = await openKeystore({ path: keystorePath(operatorKey!, home, context), password })
  const nonce = await client.subnets.consentNonce(signer.address)
  const deadline = (await client.latestBlock()).timestamp + CONSENT_SECONDS
  const { chainId, contracts } = client.network
  const domain = createDomain({ chainId, verifyingContract: contracts.subnets })
  return {
    operator: signer.address,
    deadline,
    consent: signOperatorConsent({ owner, nonce, deadline }, signer, domain),
  }
}

function parseConsent(value: unknown, path: string): Consent {
  const { operator, deadline, consent } = (value ?? {}) as Record<string, unknown>
  if (typeof consent !== 'string' || !/^0x[0-9a-f]{130}$/.test(consent) || !Number.isSafeInteger(deadline)) {
    throw usageError('The consent file is not what `key consent --json` prints', { path })
  }
  return { operator: asAddress(String(operator)), deadline: Number(deadline), consent: consent as Hex }
}
