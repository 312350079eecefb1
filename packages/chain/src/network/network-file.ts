import { loadConfiguration, z } from '@witan/runtime'
import { writeFileAtomic } from '../atomic-file.js'
import { addressSchema, chainIdSchema, networkNameSchema } from './schemas.js'

export const contractAddressesSchema = z.strictObject({
  kernel: addressSchema,
  token: addressSchema,
  vault: addressSchema,
  subnets: addressSchema,
  emission: addressSchema,
  consensus: addressSchema,
  splitter: addressSchema,
  channels: addressSchema,
  datasets: addressSchema,
  models: addressSchema,
  governor: addressSchema,
  timelock: addressSchema,
  access: addressSchema,
  court: addressSchema,
})

/** Each may take eight sockets. */
const MAX_RPC_URLS = 16

/** What a node must know of a network: where its chain and its contracts are and whom to ask first. */
export const networkFileSchema = z.strictObject({
  name: networkNameSchema,
  chainId: chainIdSchema,
  rpcUrls: z
    .array(z.url({ protocol: /^(https?|wss?)$/ }))
    .min(1)
    .max(MAX_RPC_URLS),
  contracts: contractAddressesSchema,
  /** No event of the network is older. */
  deployedAtBlock: z.int().nonnegative(),
  /** Multiaddrs of the first peers. */
  bootstrap: z.array(z.string()).default([]),
  /** Where members decide instead of stake: who they are. */
  membership: addressSchema.optional(),
  /** Of a fork: where holders of the network it came from claim, and the accounts that were left out. */
  fork: z.strictObject({ claims: addressSchema, excluded: z.array(addressSchema) }).optional(),
})

export type ContractAddresses = z.output<typeof contractAddressesSchema>
export type NetworkFile = z.output<typeof networkFileSchema>

/** Throws `CONFIG_NOT_FOUND`, `CONFIG_SYNTAX`, `CONFIG_UNKNOWN_KEY` or `CONFIG_INVALID`. */
export function readNetworkFile(path: string): NetworkFile {
  return loadConfiguration({ schema: networkFileSchema, networkFile: path }).values
}

/** JSON, which is YAML as well. */
export function writeNetworkFile(path: string, network: NetworkFile): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(network, undefined, 2)}\n`, { mode: 0o644, overwrite: true })
}
