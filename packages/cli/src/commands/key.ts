import { readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createKeystore, openKeystore, readKeystoreAddress } from '@witan/chain'
import { createDomain, signOperatorConsent, WitanError } from '@witan/protocol'
import { defineCommand } from '../command/command.js'
import { option, toggle } from '../command/option.js'
import { asAddress, asSeconds } from '../command/parse.js'
import { renderTable } from '../output/table.js'
import { networkOptions, openNetwork } from '../settings/connection.js'
import { homeFolder, homeOption, keysFolderIn } from '../settings/home.js'
import { keyOption, keystorePath, passwordFileOption, readPassword } from '../settings/keys.js'

export const keyNew = defineCommand({
  path: ['key', 'new'],
  summary: 'Create a keystore (Ethereum v3, scrypt); none is ever overwritten',
  options: {
    home: homeOption,
    key: keyOption('to create'),
    passwordFile: passwordFileOption,
    lightKdf: toggle('--light-kdf', 'derive the key cheaply, as geth --lightkdf does: for local networks'),
  },
  examples: ['key new --key operator --password-file password.txt'],
  async run({ home, key, passwordFile, lightKdf }, context) {
    const folder = homeFolder(home, context)
    const path = keystorePath(key, folder, context)
    const password = readPassword(passwordFile, folder, context)
    if (password === '') throw new WitanError('PASSWORD_NEEDED', 'The password file is empty', { facts: { key } })
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // Loaded here: see `miner start`.
    const { peerIdOfPublicKey } = await import('@witan/p2p')
    const signer = await createKeystore({ path, password, lightKdf }, { random: context.random })
    return { address: signer.address, peerId: peerIdOfPublicKey(signer.publicKey), path }
  },
  render: ({ address, peerId, path }) => `address  ${address}\npeer id  ${peerId}\nfile     ${path}`,
})

export const keyList = defineCommand({
  path: ['key', 'list'],
  summary: 'List the keystores of the home folder',
  options: { home: homeOption },
  examples: ['key list --json'],
  async run({ home }, context) {
    const folder = keysFolderIn(homeFolder(home, context))
    const names = keystoreFiles(folder)
    return Promise.all(
      names.map(async (file) => {
        const path = join(folder, file)
        return { name: file.replace(/\.json$/, ''), address: (await readKeystoreAddress(path)) ?? null, path }
      }),
    )
  },
  render: (keys, { terminal }) =>
    renderTable(
      [
        { title: 'NAME', value: ({ name }) => name },
        { title: 'ADDRESS', value: ({ address }) => address ?? '' },
        { title: 'FILE', value: ({ path }) => path },
      ],
      keys,
      terminal.columns,
    ),
})

const CONSENT_SECONDS = 24 * 3600

export const keyConsent = defineCommand({
  path: ['key', 'consent'],
  summary: "Sign an operator key's consent to be registered by an owner, for `register --consent`",
  options: {
    ...networkOptions,
    key: keyOption('of the operator'),
    passwordFile: passwordFileOption,
    owner: option.required('--owner <address>', 'the account that will register the operator', asAddress),
    valid: option.optional('--valid <duration>', 'how long the consent holds (default: 24h)', asSeconds),
  },
  examples: ['key consent --key operator --owner 0x… --json > consent.json'],
  async run({ key, passwordFile, owner, valid = CONSENT_SECONDS, ...values }, context) {
    const home = homeFolder(values.home, context)
    const client = await openNetwork(values, context)
    const password = readPassword(passwordFile, home, context)
    const { signer } = await openKeystore({ path: keystorePath(key, home, context), password })
    const nonce = await client.subnets.consentNonce(signer.address)
    const deadline = (await client.latestBlock()).timestamp + valid
    const domain = createDomain({
      chainId: client.network.chainId,
      verifyingContract: client.network.contracts.subnets,
    })
    const consent = signOperatorConsent({ owner, nonce, deadline }, signer, domain)
    return { operator: signer.address, owner, nonce, deadline, consent }
  },
  render: ({ operator, owner, deadline, consent }) =>
    `operator  ${operator}\nowner     ${owner}\ndeadline  ${new Date(deadline * 1000).toISOString()}\nconsent   ${consent}`,
})

function keystoreFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
