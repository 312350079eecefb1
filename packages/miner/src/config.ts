import { amountSchema } from '@witan/chain'
import { parseAddress } from '@witan/protocol'
import { z } from '@witan/runtime'

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'not an address: 0x and 40 hexadecimal digits')
  .transform(parseAddress)

/** Options of `witan miner start`; the example with every key explained is configs/miner.yaml. */
export const minerConfigSchema = z.strictObject({
  network: z.string().describe('network file'),
  netuid: z.int().min(1).max(65_535).default(1).describe('subnet that the miner serves'),
  operator: z.strictObject({
    keystore: z.string().describe('keystore of the operator key'),
    passwordFile: z.string().describe('file with the password of the keystore'),
  }),
  dataDir: z.string().describe('folder of journal and lock; one a miner'),
  p2p: z
    .strictObject({
      listen: z.array(z.string()).min(1).default(['/ip4/0.0.0.0/tcp/4001']).describe('multiaddrs to listen on'),
      announce: z.array(z.string()).default([]).describe('multiaddrs to tell others; those listened on when empty'),
    })
    .prefault({}),
  health: z
    .strictObject({
      host: z.string().default('127.0.0.1').describe('address of /livez, /readyz, /metrics, /status and /drain'),
      port: z.int().min(0).max(65_535).default(9101).describe('0 takes any free port'),
    })
    .prefault({}),
  model: z.string().default('ppocr-v4-rec').describe('name or version of the model'),
  modelId: z
    .int()
    .min(0)
    .default(0)
    .describe('model whose versions are served as the stakers decide; 0: only `model` as it is'),
  modelFolders: z.array(z.string()).default([]).describe('folders of manifests beside those of the release'),
  policyFolders: z
    .array(z.string())
    .default([])
    .describe('folders of policies, `<digest>.json`, beside `policies` in those of manifests'),
  provider: z.string().default('cpu').describe('execution provider of the engine'),
  admit: z.array(address).default([]).describe('operators served whatever their stake'),
  serving: z
    .strictObject({
      concurrency: z.int().min(1).max(256).default(1).describe('requests run at once, each in a process'),
      queue: z.int().min(0).max(4096).default(64).describe('requests that may wait; more are told to come back'),
      drainMs: z.int().min(0).max(600_000).default(10_000).describe('time for requests in progress at a stop'),
      admissionRefreshMs: z
        .int()
        .min(250)
        .default(6_000)
        .describe('how often permits, stake and the registry are read'),
    })
    .prefault({}),
  payments: z
    .strictObject({
      price: amountSchema.default(0n).describe('tokens for an answer to anybody but validators and admitted operators'),
      modelId: z.int().min(0).default(0).describe('model that channels must pay for; 0: none'),
      settleMs: z.int().min(1_000).default(60_000).describe('how often vouchers are looked at'),
      tokenPrice: amountSchema.default(0n).describe("the chain's coin that a token is worth; 0 settles at any gas"),
      settleTimes: z.int().min(1).default(10).describe('a batch is settled when it is worth this many times its gas'),
    })
    .prefault({}),
  behaviour: z.string().default('honest').describe('honest; others on a local chain only'),
  log: z.strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
})

export type MinerConfig = z.output<typeof minerConfigSchema>
