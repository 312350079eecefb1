import type { ChainClient } from '@witan/chain'
import { openKeystore } from '@witan/chain'
import { type Address, createDomain, type Hex, signOperatorConsent } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'
import { option, usageError } from '../command/option.js'
import { asAddress, asText } from '../command/parse.js'
import { homeFolder } from './home.js'
import { keystorePath, readPassword } from './keys.js'
import { readJsonFile } from './read-input.js'
import type { SendValues } from './sending.js'

const MAX_CONSENT_BYTES = 4_096
/** A consent signed here is used at once. */
const CONSENT_SECONDS = 3_600

export interface Consent {
  readonly operator: Address
  readonly deadline: number
  readonly consent: Hex
}

/** How a command gets the consent of an operator key. */
export const consentOptions = {
  operatorKey: option.optional('--operator-key <name>', "the operator's keystore, to sign its consent here", asText),
  operatorPasswordFile: option.optional(
    '--operator-password-file <file>',
    "password of the operator's keystore (default: as for --key)",
    asText,
  ),
  consent: option.optional('--consent <file>', 'a consent made elsewhere with `key consent --json`', asText),
} as const

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

/** The consent of an operator key: signed here, or made elsewhere. */
export async function consentOf(
  source: ConsentSource,
  { client, owner, values, context }: ConsentSetting,
): Promise<Consent> {
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
